import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createRandom } from '@azclip/base';
import { pieceKinds } from '@azclip/encoder-text';
import { learnWordPiece } from '@azclip/encoder-text/tokenizer';

import { heldOutMlmBatch, shuffledNumber, splitWindows, trainMlmBatch, type MlmBatchOptions } from './mlm-batches.ts';
import { openPieceStore, writePieceStore, type PieceStore } from './piece-store.ts';

const texts = Array.from({ length: 40 }, (_, i) => `qırmızı maşın ${'abcdefgh'.charAt(i % 8)} evin solunda`);
const tokenizer = learnWordPiece(texts, { size: 120 });
const folder = mkdtempSync(join(tmpdir(), 'pieces-'));
const path = join(folder, 'pieces.i32');
let store: PieceStore;

async function* stream(): AsyncGenerator<string> {
  for (const text of texts) yield await Promise.resolve(text);
}

beforeAll(async () => {
  await writePieceStore(path, stream(), tokenizer);
  store = await openPieceStore(path);
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const options = (): MlmBatchOptions => ({
  store,
  kinds: pieceKinds(tokenizer),
  frame: { first: 2, last: 3 },
  contextLength: 8,
  batchSize: 4,
  hiding: { rate: 0.15, wholeWord: false },
  seed: 1,
});

it('stores the pieces of all texts, each ended by [SEP]', async () => {
  const [a = '', b = ''] = texts;
  const expected = [...tokenizer.idsOf(a).slice(1), ...tokenizer.idsOf(b).slice(1)];
  expect(Array.from(await store.read(0, expected.length))).toEqual(expected);
  expect(store.count).toBe(texts.reduce((sum, text) => sum + tokenizer.idsOf(text).length - 1, 0));
});

it('holds the end of the corpus out', () => {
  const split = splitWindows(options(), 0.2);
  const windows = Math.floor(store.count / 6);
  expect(split).toEqual({ train: windows - Math.round(windows * 0.2), heldOut: Math.round(windows * 0.2) });
  expect(splitWindows(options(), 0.001).heldOut).toBe(4); // one batch at least
});

it('shuffles every number to a place of its own', () => {
  for (const size of [1, 2, 3, 7, 64, 100]) {
    const order = Array.from({ length: size }, (_, place) => shuffledNumber(place, size, createRandom(5)));
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, i) => i));
  }
  const order = (seed: number): string =>
    Array.from({ length: 50 }, (_, place) => shuffledNumber(place, 50, createRandom(seed))).join();
  expect(order(1)).toBe(order(1));
  expect(order(1)).not.toBe(order(2));
});

it('gives full windows with a seventh of the pieces to guess, restorable from the labels', async () => {
  const batch = await trainMlmBatch(options(), splitWindows(options(), 0.1), 0);
  const { ids, places, labels, weights } = batch;
  expect(ids?.shape).toEqual([4, 8]);
  expect(places?.shape).toEqual([4]); // round(0.15 · 6) = 1 a window
  expect(Array.from(weights?.data ?? [])).toEqual([1, 1, 1, 1]);
  const restored = Array.from(ids?.data ?? []);
  places?.data.forEach((place, i) => {
    restored[place] = labels?.data[i] ?? -1;
  });
  const rows = [0, 1, 2, 3].map((row) => restored.slice(8 * row, 8 * row + 8));
  const all = Array.from(await store.read(0, store.count));
  for (const row of rows) {
    expect([row[0], row[7]]).toEqual([2, 3]);
    const inner = row.slice(1, 7).join();
    const found = all.findIndex((_, start) => start % 6 === 0 && all.slice(start, start + 6).join() === inner);
    expect(found).toBeGreaterThanOrEqual(0);
  }
});

it('gives the same batch for the same step, another for another, and the same held-out batches for ever', async () => {
  const split = splitWindows(options(), 0.1);
  expect(await trainMlmBatch(options(), split, 3)).toEqual(await trainMlmBatch(options(), split, 3));
  expect(await trainMlmBatch(options(), split, 3)).not.toEqual(await trainMlmBatch(options(), split, 4));
  expect(await heldOutMlmBatch(options(), split, 0)).toEqual(await heldOutMlmBatch(options(), split, 0));
});
