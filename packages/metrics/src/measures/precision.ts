import { countWithin, cutoffOf } from '../cutoff.ts';
import type { Ranking } from '../ranking.ts';

/** precision@k: share of the first `k` that is positive. A list shorter than `k` is filled with negatives.
 * @param k - absent: the whole ranking. */
export function precisionAtK(ranking: Ranking, k?: number): number {
  const cutoff = cutoffOf(ranking, k);
  return cutoff === 0 ? 0 : countWithin(ranking, cutoff) / cutoff;
}
