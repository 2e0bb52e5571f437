import { createRandom } from '@azclip/base';

import { DuplicateIdError, LengthError, ScoreError, UnknownIdError } from './errors.ts';
import { rankPositives } from './rank-positives.ts';
import { scoresOfArray } from './score-rows.ts';

const rankRow = async (scores: number[], positives: number[], gains?: number[]) => {
  const rows = scoresOfArray(Float32Array.from(scores), 1, scores.length);
  const [ranking] = await rankPositives(rows, [positives], gains ? { gains: [gains] } : {});
  return { ranks: Array.from(ranking?.ranks ?? []), gains: Array.from(ranking?.gains ?? []) };
};

/** Sorts everything: by score, then negatives before positives, then the index. */
function naiveRanks(scores: Float32Array, positives: readonly number[]): number[] {
  const right = new Set(positives);
  const order = Array.from(scores, (score, index) => ({ score, index, late: right.has(index) ? 1 : 0 }));
  order.sort((a, b) => b.score - a.score || a.late - b.late || a.index - b.index);
  return order.flatMap(({ index }, place) => (right.has(index) ? [place + 1] : []));
}

it('counts the items that score higher', async () => {
  // descending: item 1 (.9), 3 (.7), 0 (.5), 2 (.1)
  expect(await rankRow([0.5, 0.9, 0.1, 0.7], [0])).toEqual({ ranks: [3], gains: [1] });
  expect(await rankRow([0.5, 0.9, 0.1, 0.7], [2, 1])).toEqual({ ranks: [1, 4], gains: [1, 1] });
});

it('puts a positive behind the negatives of the same score', async () => {
  expect((await rankRow([0.5, 0.5, 0.5, 0.1], [0])).ranks).toEqual([3]);
  expect((await rankRow([1, 1, 1, 1], [0, 2])).ranks).toEqual([3, 4]);
});

it('puts the smaller gain first among positives of the same score', async () => {
  expect(await rankRow([0.5, 0.5, 0.9], [0, 1], [3, 2])).toEqual({ ranks: [2, 3], gains: [2, 3] });
});

it('agrees with a full sort on scores full of ties, in chunks of any size', async () => {
  const random = createRandom(4);
  const [queries, gallery] = [40, 30];
  const scores = Float32Array.from({ length: queries * gallery }, () => random.integer(6) - 3);
  const positives = Array.from({ length: queries }, () =>
    Array.from({ length: gallery }, (_, item) => item).filter(() => random.uniform() < 0.2),
  );
  const expected = positives.map((list, query) =>
    naiveRanks(scores.subarray(query * gallery, (query + 1) * gallery), list),
  );
  for (const chunkScores of [1, 7 * gallery, 2 ** 22]) {
    const rankings = await rankPositives(scoresOfArray(scores, queries, gallery), positives, { chunkScores });
    expect(rankings.map(({ ranks }) => Array.from(ranks))).toEqual(expected);
  }
});

it('ranks infinite scores', async () => {
  expect((await rankRow([-Infinity, Infinity, 0], [0, 1])).ranks).toEqual([1, 3]);
});

it('gives a query without positives an empty ranking', async () => {
  expect((await rankRow([1, 2], [])).ranks).toEqual([]);
});

it.each([
  ['a positive', [NaN, 1], [0]],
  ['a negative', [1, NaN], [0]],
  ['a query without positives', [1, NaN], []],
])('names query and item of a NaN score at %s', async (_, scores, positives) => {
  await expect(rankRow(scores, positives)).rejects.toThrow(ScoreError);
  await expect(rankRow(scores, positives)).rejects.toThrow(`query 0, item ${String(scores.findIndex(Number.isNaN))}`);
});

it('refuses positives that are no items, that stand twice, or that are not one list a query', async () => {
  await expect(rankRow([1, 2], [2])).rejects.toThrow(UnknownIdError);
  await expect(rankRow([1, 2], [0.5])).rejects.toThrow(UnknownIdError);
  await expect(rankRow([1, 2], [1, 1])).rejects.toThrow(DuplicateIdError);
  await expect(rankRow([1, 2], [1], [1, 2])).rejects.toThrow(LengthError);
  await expect(rankRow([1, 2], [1], [0])).rejects.toThrow(ScoreError);
  await expect(rankPositives(scoresOfArray(new Float32Array(2), 1, 2), [])).rejects.toThrow(LengthError);
});
