import { meanOf } from '../aggregate.ts';
import { countWithin, cutoffOf } from '../cutoff.ts';
import type { Ranking } from '../ranking.ts';
import { averagePrecision } from './average-precision.ts';
import { hitAtK } from './hit.ts';

/** Images shown for a query in the experiments of the LowCLIP paper. */
export const PAPER_CUTOFF = 15;

/** Equation (5) of the LowCLIP paper for one query: the mean, over its m positives, of the precision of the list that
 * ends at each; a positive beyond `k` adds 0. With one positive it is the reciprocal rank.
 * @see Asgarov and Rustamov 2024 — https://arxiv.org/abs/2408.13909 */
export function paperMap(ranking: Ranking, k: number = PAPER_CUTOFF): number {
  return averagePrecision(ranking, k);
}

/** Equation (6) for one query: the mean, over its m positives, of the recall of the list that ends at each, so at most
 * (m + 1) / 2m: a perfect ranking of two positives scores 0.75. With one positive it is hit@k. */
export function paperMar(ranking: Ranking, k: number = PAPER_CUTOFF): number {
  return meanOverPositives(ranking, k, (place, _rank, positives) => place / positives);
}

/** Equation (7) for one query: the mean, over its m positives, of the F1 of the list that ends at each, 2PR / (P + R)
 * with P and R of that list. */
export function paperMaf1(ranking: Ranking, k: number = PAPER_CUTOFF): number {
  // P = place / rank and R = place / m give 2PR / (P + R) = 2 · place / (rank + m)
  return meanOverPositives(ranking, k, (place, rank, positives) => (2 * place) / (rank + positives));
}

/** Equations (8)–(10) for one query: 1 if a positive is among the first `k` (1, 5 or 10), else 0. */
export function paperTopK(ranking: Ranking, k: number): number {
  return hitAtK(ranking, k);
}

/** MAF1 as the table of the paper must have been computed: the harmonic mean of the two means that stand beside it. It
 * is not the mean of `paperMaf1`. */
export function tableMaf1(map: number, mar: number): number {
  return map + mar === 0 ? 0 : (2 * map * mar) / (map + mar);
}

/** The scores of the paper's Table 3 over a set of queries. */
export interface PaperScores {
  /** Mean of `paperMap`. */
  readonly map: number;
  /** Mean of `paperMar`. */
  readonly mar: number;
  /** Mean of `paperMaf1`, as the equation says. */
  readonly maf1: number;
  /** `tableMaf1` of the two means. */
  readonly tableMaf1: number;
  /** Mean of `paperTopK` at 1. */
  readonly top1: number;
}

/** Computes the scores of the paper's Table 3; queries without positives are left out. */
export function paperScores(rankings: readonly Ranking[], k: number = PAPER_CUTOFF): PaperScores {
  const map = meanOf(rankings, (ranking) => paperMap(ranking, k));
  const mar = meanOf(rankings, (ranking) => paperMar(ranking, k));
  const maf1 = meanOf(rankings, (ranking) => paperMaf1(ranking, k));
  return { map, mar, maf1, tableMaf1: tableMaf1(map, mar), top1: meanOf(rankings, (ranking) => paperTopK(ranking, 1)) };
}

function meanOverPositives(
  ranking: Ranking,
  k: number,
  value: (place: number, rank: number, positives: number) => number,
): number {
  const positives = ranking.idealGains.length;
  const found = countWithin(ranking, cutoffOf(ranking, k));
  let sum = 0;
  for (let i = 0; i < found; i += 1) sum += value(i + 1, ranking.ranks[i] ?? 0, positives);
  return sum / positives;
}
