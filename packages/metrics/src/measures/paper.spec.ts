import { rankingOf } from '../ranking.ts';
import { averagePrecision } from './average-precision.ts';
import { hitAtK } from './hit.ts';
import { paperMaf1, paperMap, paperMar, paperScores, paperTopK, tableMaf1 } from './paper.ts';
import { reciprocalRank } from './reciprocal-rank.ts';

const relevance = (ranks: readonly number[], size = 100): number[] =>
  Array.from({ length: size }, (_, i) => (ranks.includes(i + 1) ? 1 : 0));
const at = (...ranks: number[]) => rankingOf(relevance(ranks));

describe('as the equations say', () => {
  it('equation (5) is the reciprocal rank and equation (6) is hit@15 where a query has one positive', () => {
    for (const rank of [1, 2, 15, 16]) {
      const ranking = at(rank);
      expect(paperMap(ranking)).toBe(rank <= 15 ? reciprocalRank(ranking) : 0);
      expect(paperMar(ranking)).toBe(hitAtK(ranking, 15));
      expect(paperMar(ranking)).toBeGreaterThanOrEqual(paperMap(ranking)); // so MAR < MAP in the table has no such origin
    }
  });

  it.each([1, 2, 3, 5])('equation (6) cannot pass (m + 1) / 2m for m = %i positives', (m) => {
    const perfect = at(...Array.from({ length: m }, (_, i) => i + 1));
    expect(paperMap(perfect)).toBe(1);
    expect(paperMar(perfect)).toBeCloseTo((m + 1) / (2 * m));
  });

  it('takes precision, recall and F1 of the list that ends at each positive', () => {
    const ranking = at(1, 4); // lists of 1 and 4: P = 1/1, 2/4; R = 1/2, 2/2; F1 = 2/3, 2/3
    expect(paperMap(ranking)).toBeCloseTo((1 + 1 / 2) / 2);
    expect(paperMar(ranking)).toBeCloseTo((1 / 2 + 1) / 2);
    expect(paperMaf1(ranking)).toBeCloseTo((2 / 3 + 2 / 3) / 2);
  });

  it('adds nothing for a positive beyond the cut-off', () => {
    const ranking = at(2, 16);
    expect([paperMap(ranking), paperMar(ranking)]).toEqual([1 / 2 / 2, 1 / 2 / 2]);
    expect(paperMap(ranking, 16)).toBe(averagePrecision(ranking));
    expect(paperMaf1(ranking)).toBeCloseTo((2 * 1) / (2 + 2) / 2);
  });

  it('equations (8)–(10) ask for one positive among the first k', () => {
    expect([1, 5, 10].map((k) => paperTopK(at(5, 9), k))).toEqual([0, 1, 1]);
  });
});

it('computes MAF1 as the table must have: from the two means, which is not the mean of equation (7)', () => {
  const scores = paperScores([at(1, 4), at(3)]);
  const [map, mar] = [(0.75 + 1 / 3) / 2, (0.75 + 1) / 2];
  expect(scores).toMatchObject({ top1: 0.5 });
  expect(scores.map).toBeCloseTo(map);
  expect(scores.mar).toBeCloseTo(mar);
  expect(scores.tableMaf1).toBeCloseTo((2 * map * mar) / (map + mar));
  expect(scores.maf1).toBeCloseTo((2 / 3 + 2 / 4) / 2); // the second list: P = 1/3, R = 1, F1 = 1/2
  expect(tableMaf1(0, 0)).toBe(0);
});
