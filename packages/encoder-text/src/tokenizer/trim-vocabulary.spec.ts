import { createTokenizer } from './create-tokenizer.ts';
import { trimVocabulary, trimVocabularyTo } from './trim-vocabulary.ts';
import { wordPieceJson } from './word-piece-json.ts';

const vocabulary = [
  '[PAD]',
  'x',
  '[UNK]',
  '[CLS]',
  '[SEP]',
  '[MASK]',
  'ev',
  '##in',
  '##i',
  '##n',
  'e',
  '##v',
  'n',
  'evi',
  'I',
];
const whole = createTokenizer(wordPieceJson(vocabulary, [{ type: 'NFC' }]));

it('keeps special pieces, pieces met and their letters, and says which they were', () => {
  const { tokenizer, keptIds } = trimVocabulary(whole, ['evin']); // evi + ##n
  const kept = Array.from(keptIds, (id) => vocabulary[id]);
  expect(kept).toEqual(['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', '##i', '##n', 'e', '##v', 'n', 'evi', 'I']);
  expect(tokenizer.vocabSize).toBe(12);
  expect(tokenizer.special).toEqual({ pad: 0, unknown: 1, first: 2, last: 3, mask: 4 });
});

it('cuts texts of kept pieces as before', () => {
  const { tokenizer, keptIds } = trimVocabulary(whole, ['evin']);
  expect(tokenizer.idsOf('evin').map((id) => keptIds[id])).toEqual(whole.idsOf('evin'));
  expect(tokenizer.piecesOf('[MASK] evin')).toEqual(['[CLS]', '[MASK]', 'evi', '##n', '[SEP]']);
});

it('spells words by letter whose pieces are gone', () => {
  const { tokenizer } = trimVocabulary(whole, ['evin']);
  expect(whole.piecesOf('ein')).toEqual(['[CLS]', 'e', '##in', '[SEP]']);
  expect(tokenizer.piecesOf('ein')).toEqual(['[CLS]', 'e', '##i', '##n', '[SEP]']);
});

it('keeps everything where every piece is met', () => {
  const { keptIds } = trimVocabulary(whole, ['x ev evin evi n I', 'ein']);
  expect(Array.from(keptIds)).toEqual(vocabulary.map((_, id) => id));
});

it('trims to a stream, without what is rare in it', async () => {
  async function* stream(...texts: string[]): AsyncGenerator<string> {
    for (const text of texts) yield await Promise.resolve(text);
  }
  const all = await trimVocabularyTo(whole, stream('evin', 'evin', 'x'));
  expect(all.keptIds).toEqual(trimVocabulary(whole, ['evin', 'x']).keptIds);
  const frequent = await trimVocabularyTo(whole, stream('evin', 'evin', 'x'), 2);
  expect(frequent.keptIds).toEqual(trimVocabulary(whole, ['evin']).keptIds);
});

it('refuses a model that is no WordPiece', () => {
  const unigram = { ...whole, toJson: () => ({ model: { type: 'Unigram' as const, vocab: [] } }) };
  expect(() => trimVocabulary(unigram, [])).toThrow('expected a WordPiece model to trim, got Unigram');
});
