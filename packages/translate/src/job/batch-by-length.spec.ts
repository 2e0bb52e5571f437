import { batchByLength } from './batch-by-length.ts';

const batches = (lengths: number[], maxItems: number, maxTokens: number): number[][] =>
  batchByLength(lengths, (length) => length, { maxItems, maxTokens });

it('puts texts of like length together, longest first, within items × longest', () => {
  expect(batches([3, 9, 2, 8, 3], 10, 18)).toEqual([
    [9, 8],
    [3, 3, 2],
  ]); // 2 × 9 = 18, 3 × 3 = 9
});

it('keeps to the number of items', () => {
  expect(batches([1, 1, 1, 1, 1], 2, 100)).toEqual([[1, 1], [1, 1], [1]]);
});

it('gives a text that is too long a batch of its own', () => {
  expect(batches([50, 4, 4], 8, 10)).toEqual([[50], [4, 4]]);
});

it('makes nothing of nothing', () => {
  expect(batches([], 8, 10)).toEqual([]);
});
