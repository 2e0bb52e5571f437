import { rankingOf } from '../ranking.ts';
import { bpref } from './bpref.ts';
import { ndcgAtK } from './ndcg.ts';
import { precisionAtK } from './precision.ts';
import { rPrecision } from './r-precision.ts';
import { recallAtK } from './recall.ts';

const ranking = rankingOf([0, 1, 0, 1], [1, 1, 1]); // positives at 2 and 4, a third was not retrieved

it('counts what is right among the first k, and what is found of all that is right', () => {
  expect([1, 2, 4, 8].map((k) => precisionAtK(ranking, k))).toEqual([0, 1 / 2, 2 / 4, 2 / 8]);
  expect(precisionAtK(ranking)).toBe(2 / 4);
  expect([1, 2, 4].map((k) => recallAtK(ranking, k))).toEqual([0, 1 / 3, 2 / 3]);
});

it('cuts at the number of positives', () => {
  expect(rPrecision(ranking)).toBe(1 / 3); // of the first 3, one
});

describe('ndcgAtK', () => {
  const graded = rankingOf([1, 0, 3]); // best: 3, 1

  it('discounts gains by log2(rank + 1) and divides by the best ranking', () => {
    const ideal = 3 / Math.log2(2) + 1 / Math.log2(3);
    expect(ndcgAtK(graded)).toBeCloseTo((1 / Math.log2(2) + 3 / Math.log2(4)) / ideal);
    expect(ndcgAtK(graded, 2)).toBeCloseTo(1 / ideal);
    expect(ndcgAtK(graded, 1)).toBeCloseTo(1 / 3);
  });

  it('raises 2 to the relevance if asked', () => {
    expect(ndcgAtK(graded, 3, 'exponential')).toBeCloseTo((1 + 7 / 2) / (7 + 1 / Math.log2(3)));
  });

  it('is 1 for the best ranking and less when a positive was not retrieved', () => {
    expect(ndcgAtK(rankingOf([3, 2, 1]))).toBe(1);
    expect(ndcgAtK(rankingOf([1], [1, 1]))).toBeCloseTo(1 / (1 + 1 / Math.log2(3)));
  });
});

describe('bpref', () => {
  it('takes off for judged negatives above a positive', () => {
    // R = 3, N = 4 − 3 = 1 negative in the gallery; the positives at 1, 3, 4 have 0, 1, 1 above: (1 + 0 + 0) / 3
    expect(bpref(rankingOf([1, 0, 1, 1]))).toBeCloseTo(1 / 3);
    // R = 2, N = 3: the positives at 2 and 3 have one above: 2 · (1 − 1/2) / 2
    expect(bpref(rankingOf([0, 1, 1, 0, 0]))).toBeCloseTo(1 / 2);
  });

  it('is not touched by items that nobody judged', () => {
    const negatives = { above: [0, 1], total: 2 };
    expect(bpref({ ranks: [50, 90], gains: [1, 1], idealGains: [1, 1], size: 100, negatives })).toBe((1 + 1 / 2) / 2);
  });
});
