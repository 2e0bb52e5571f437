import { learnWordPiece } from '@azclip/encoder-text/tokenizer';

import { createTokenInputs } from './token-inputs.ts';

const captions = ['qırmızı maşın', 'yaşıl evin solunda qırmızı maşın', 'mavi top'];
const tokenizer = learnWordPiece(captions, { size: 80 });

it('is what the tokenizer encodes, the second time too', () => {
  const encode = createTokenInputs(tokenizer, 6);
  const { ids, mask } = tokenizer.encode(captions, 6);
  for (let time = 0; time < 2; time += 1) {
    const inputs = encode(captions);
    expect(inputs.ids).toEqual({ dtype: 'int32', shape: [3, 6], data: ids });
    expect(inputs.mask).toEqual({ dtype: 'float32', shape: [3, 6], data: mask });
  }
});

it('is as wide as the longest caption needs, in steps of eight, and never wider than the context', () => {
  const widthOf = (texts: readonly string[], context: number): number | undefined =>
    createTokenInputs(tokenizer, context)(texts).ids.shape[1];
  const long = Array<string>(60).fill('top').join(' ');
  const pieces = tokenizer.idsOf('mavi top').length; // with [CLS] and [SEP]
  expect(widthOf(['mavi top'], 32)).toBe(Math.ceil(pieces / 8) * 8);
  expect(widthOf(['mavi top', long], 32)).toBe(32);
});
