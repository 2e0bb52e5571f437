import type { Pair } from '@azclip/data';

import { encodeCaptionGroups } from './caption-groups.ts';
import type { TokenInputs } from './token-inputs.ts';

/** Each caption becomes one piece: its length. */
const encode = (captions: readonly string[]): TokenInputs => ({
  ids: { dtype: 'int32', shape: [captions.length, 1], data: Int32Array.from(captions, (c) => c.length) },
  mask: { dtype: 'float32', shape: [captions.length, 1], data: new Float32Array(captions.length).fill(1) },
});
const pair = (...captions: string[]): Pair => ({ imageId: captions.join(), image: { path: 'x' }, captions });

it('takes the drawn caption and those that follow it, around the end', () => {
  const { ids } = encodeCaptionGroups([pair('a', 'bb', 'ccc')], ['ccc'], 2, encode);
  expect(ids).toEqual({ dtype: 'int32', shape: [1, 2, 1], data: Int32Array.of(3, 1) });
});

it('leaves rows without pieces where an image has fewer captions', () => {
  const { mask } = encodeCaptionGroups([pair('a'), pair('a', 'bb')], ['a', 'bb'], 2, encode);
  expect([...mask.data]).toEqual([1, 0, 1, 1]);
});

it('is plain encoding for one caption', () => {
  expect(encodeCaptionGroups([pair('a', 'bb')], ['bb'], 1, encode)).toEqual(encode(['bb']));
});
