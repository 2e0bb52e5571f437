import { countWithin, cutoffOf } from '../cutoff.ts';
import type { Ranking } from '../ranking.ts';

/** recall@k: share of the positives that is among the first `k`. (Papers on image–text retrieval write R@k for
 * `hitAtK`; the two are equal where a query has one positive.)
 * @param k - absent: the whole ranking. */
export function recallAtK(ranking: Ranking, k?: number): number {
  return countWithin(ranking, cutoffOf(ranking, k)) / ranking.idealGains.length;
}
