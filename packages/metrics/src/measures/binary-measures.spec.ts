import { CutoffError } from '../errors.ts';
import { rankingOf } from '../ranking.ts';
import { averagePrecision } from './average-precision.ts';
import { hitAtK } from './hit.ts';
import { firstRank, reciprocalRank } from './reciprocal-rank.ts';

const ranking = rankingOf([0, 1, 0, 1], [1, 1, 1]); // positives at 2 and 4, a third was not retrieved

it('hits from the first positive on', () => {
  expect([1, 2, 3, 9].map((k) => hitAtK(ranking, k))).toEqual([0, 1, 1, 1]);
});

it('takes the reciprocal of the first positive’s rank', () => {
  expect([reciprocalRank(ranking), reciprocalRank(ranking, 1), firstRank(ranking)]).toEqual([1 / 2, 0, 2]);
  expect([reciprocalRank(rankingOf([0], [1])), firstRank(rankingOf([0], [1]))]).toEqual([0, Infinity]);
});

it('averages the precisions at the positives', () => {
  const sum = 1 / 2 + 2 / 4; // one of two, two of four
  expect(averagePrecision(ranking)).toBeCloseTo(sum / 3);
  expect(averagePrecision(ranking, 3)).toBeCloseTo(1 / 2 / 3); // of all three positives, one is within 3
  expect(averagePrecision(ranking, 2, 'attainable')).toBeCloseTo(1 / 2 / 2);
  expect(averagePrecision(ranking, 4, 'found')).toBeCloseTo(sum / 2);
  expect(averagePrecision(ranking, 1, 'found')).toBe(0);
});

it('refuses a cut-off that is no positive integer', () => {
  for (const k of [0, -1, 1.5, NaN]) expect(() => hitAtK(ranking, k)).toThrow(CutoffError);
});
