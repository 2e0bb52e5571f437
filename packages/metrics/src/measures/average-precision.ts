import { countWithin, cutoffOf } from '../cutoff.ts';
import type { Ranking } from '../ranking.ts';

/** What the sum of precisions in `averagePrecision` is divided by: all positives (trec_eval `map_cut`: a positive beyond
 * `k` counts as missed), all that `k` has room for (1 is attainable), or those found within `k` (torchmetrics). */
export type ApDivisor = 'positives' | 'attainable' | 'found';

/** Average precision: the mean of the precisions at the ranks of the positives. The mean over queries is MAP.
 * @param k - only ranks up to `k` count; absent: all.  @param divisor - the same for all three when `k` is absent and
 * every positive is retrieved. */
export function averagePrecision(ranking: Ranking, k?: number, divisor: ApDivisor = 'positives'): number {
  const cutoff = cutoffOf(ranking, k);
  const found = countWithin(ranking, cutoff);
  let sum = 0;
  for (let i = 0; i < found; i += 1) sum += (i + 1) / (ranking.ranks[i] as number);
  const positives = ranking.idealGains.length;
  const divisors = { positives, attainable: Math.min(positives, cutoff), found };
  return found === 0 ? 0 : sum / divisors[divisor];
}
