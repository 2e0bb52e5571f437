import { createRandom } from '@azclip/base';

import { createTokenizer } from '../tokenizer/create-tokenizer.ts';
import { wordPieceJson } from '../tokenizer/word-piece-json.ts';
import { hiddenCount, hidePieces } from './hide-pieces.ts';
import { pieceKinds } from './piece-kinds.ts';

const pieces = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'a', '##b', '##c', 'd', 'e'];
const tokenizer = createTokenizer(wordPieceJson(pieces, [{ type: 'NFC' }]));
const kinds = pieceKinds(tokenizer);
const byPiece = { rate: 0.15, wholeWord: false };

/** [CLS] (a ##b ##c) ×n (d) ×n [SEP] */
const window = (n: number): Int32Array =>
  Int32Array.from([2, ...Array.from({ length: n }, () => [5, 6, 7]).flat(), ...Array<number>(n).fill(8), 3]);

it('tells special pieces and those that go on with a word', () => {
  expect(Array.from(kinds.special)).toEqual([1, 1, 1, 1, 1, 0, 0, 0, 0, 0]);
  expect(Array.from(kinds.continues)).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 0, 0]);
  expect(kinds.mask).toBe(4);
});

it('chooses 15 % of the pieces, never special ones, and remembers what stood there', () => {
  const before = window(100); // 400 pieces
  const { ids, places, labels } = hidePieces(before, kinds, createRandom(1), byPiece);
  expect(places).toHaveLength(60);
  expect(new Set(places).size).toBe(60);
  expect(labels).toEqual(places.map((place) => before[place]));
  expect(ids[0]).toBe(2);
  expect(ids.at(-1)).toBe(3);
  const untouched = Array.from(ids.keys()).filter((place) => !places.includes(place));
  expect(untouched.every((place) => ids[place] === before[place])).toBe(true);
});

it('shows the mask piece in 80 %, a random piece in 10 %, the piece itself in 10 %', () => {
  const before = Int32Array.from([2, ...Array<number>(200_000).fill(8), 3]);
  const { ids, places } = hidePieces(before, kinds, createRandom(2), { rate: 0.5, wholeWord: false });
  const share = (id: number): number => places.filter((place) => ids[place] === id).length / places.length;
  expect(share(4)).toBeCloseTo(0.8, 1);
  expect(share(8)).toBeCloseTo(0.1 + 0.1 / 5, 2); // itself, or drawn among the five pieces that are not special
  for (const id of [5, 6, 7, 9]) expect(share(id)).toBeCloseTo(0.1 / 5, 2);
  for (const id of [0, 1, 2, 3]) expect(share(id)).toBe(0);
});

it('hides whole words together where told to', () => {
  const { places } = hidePieces(window(50), kinds, createRandom(3), { rate: 0.3, wholeWord: true });
  const first = places.filter((place) => place <= 150 && (place - 1) % 3 === 0);
  expect(first.length).toBeGreaterThan(5);
  expect(places.filter((place) => place <= 150)).toEqual(first.flatMap((place) => [place, place + 1, place + 2]));
});

it('keeps to its share when the only word is longer', () => {
  const long = Int32Array.from([2, 5, 6, 7, 6, 7, 6, 7, 3]);
  expect(hidePieces(long, kinds, createRandom(4), { rate: 0.3, wholeWord: true }).places).toEqual([1, 2]);
});

it('never hides more than hiddenCount, and nothing where there is nothing', () => {
  expect(hiddenCount(126, 0.15)).toBe(19);
  expect(hiddenCount(2, 0.15)).toBe(1);
  expect(hidePieces(Int32Array.of(2, 3), kinds, createRandom(5), byPiece).places).toEqual([]);
});

it('is decided by the stream of chance', () => {
  const run = (seed: number): string => hidePieces(window(30), kinds, createRandom(seed), byPiece).places.join();
  expect(run(6)).toBe(run(6));
  expect(run(6)).not.toBe(run(7));
});

it('refuses a tokenizer without words or mask', () => {
  const without = (json: object) => ({ ...tokenizer, toJson: () => ({ ...tokenizer.toJson(), ...json }) });
  expect(() => pieceKinds(without({ model: { type: 'BPE', vocab: {} } }))).toThrow(
    'expected a WordPiece model, got BPE',
  );
  const maskless = { ...tokenizer, special: { ...tokenizer.special, mask: undefined } };
  expect(() => pieceKinds(maskless)).toThrow('expected a [MASK] piece');
});
