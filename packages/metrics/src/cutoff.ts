import { CutoffError } from './errors.ts';
import type { Ranking } from './ranking.ts';

/** Passes a cut-off of a measure on.
 * @param k - absent: the whole ranking.
 * @throws {CutoffError} if `k` is no positive integer. */
export function cutoffOf(ranking: Ranking, k: number | undefined): number {
  if (k === undefined) return ranking.size;
  if (Number.isInteger(k) && k > 0) return k;
  throw new CutoffError(`k: expected a positive integer, got ${String(k)}`);
}

/** Checks cut-offs against the gallery that they are to cut.
 * @throws {CutoffError} if one is larger than the gallery, where a score at k would be a score of the whole gallery. */
export function checkCutoffs(cutoffs: readonly number[], gallery: number): void {
  for (const k of cutoffs) {
    if (Number.isInteger(k) && k > 0 && k <= gallery) continue;
    throw new CutoffError(`k: expected an integer from 1 to ${String(gallery)} (the gallery), got ${String(k)}`);
  }
}

/** Number of positives at rank `k` or better. */
export function countWithin(ranking: Ranking, k: number): number {
  let count = 0;
  while (count < ranking.ranks.length && (ranking.ranks[count] as number) <= k) count += 1;
  return count;
}
