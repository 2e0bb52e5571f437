import { learnWordPiece, learnWordPieceFrom } from './learn-word-piece.ts';
import { loadTokenizer } from './load-tokenizer.ts';

const captions = ['qırmızı ev', 'qırmızı maşın', 'QIRMIZI evin', 'evin maşını'];

it('spells every text of known letters', () => {
  const tokenizer = learnWordPiece(captions, { size: 60 });
  expect(tokenizer.piecesOf('nışam')).not.toContain('[UNK]');
  expect(tokenizer.piecesOf('kitab')).toContain('[UNK]');
});

it('makes frequent words one piece, whatever their case', () => {
  const tokenizer = learnWordPiece(captions, { size: 60 });
  expect(tokenizer.piecesOf('QIRMIZI ev')).toEqual(['[CLS]', 'qırmızı', 'ev', '[SEP]']);
});

it('joins the most frequent pair first and stops at the size', () => {
  // letters a, b, c in both forms: 6; specials: 5. ab occurs 3 times, bc twice: room for one piece is for ab
  const tokenizer = learnWordPiece(['ab ab abc'], { size: 12 });
  expect(tokenizer.vocabSize).toBe(12);
  expect(tokenizer.piecesOf('abc')).toEqual(['[CLS]', 'ab', '##c', '[SEP]']);
});

it('does not join what occurs less than minCount', () => {
  const tokenizer = learnWordPiece(['ab ab cd'], { size: 100, minCount: 2 });
  expect(tokenizer.vocabSize).toBe(5 + 8 + 1); // a b c d in both forms, ab
});

it('handles a pair that overlaps itself', () => {
  const tokenizer = learnWordPiece(['aaaaa aaaaa'], { size: 100 });
  expect(tokenizer.piecesOf('aaaaa')).toEqual(['[CLS]', 'aaaaa', '[SEP]']);
});

it('gives the same vocabulary for the same texts', () => {
  expect(learnWordPiece(captions, { size: 40 }).toJson()).toEqual(learnWordPiece(captions, { size: 40 }).toJson());
});

it('learns the same from a stream', async () => {
  async function* stream(): AsyncGenerator<string> {
    for (const caption of captions) yield await Promise.resolve(caption);
  }
  const streamed = await learnWordPieceFrom(stream(), { size: 60 });
  expect(streamed.toJson()).toEqual(learnWordPiece(captions, { size: 60 }).toJson());
});

it('carries its normaliser with it', async () => {
  const json = learnWordPiece(captions, { size: 60, language: 'az' }).toJson();
  const reloaded = await loadTokenizer(JSON.parse(JSON.stringify(json)) as typeof json);
  expect(reloaded.piecesOf('QIRMIZI')).toEqual(['[CLS]', 'qırmızı', '[SEP]']);
});

it('says how large the vocabulary must be for the letters', () => {
  expect(() => learnWordPiece(['ab'], { size: 8 })).toThrow('tokenizer.size: expected at least 9');
});
