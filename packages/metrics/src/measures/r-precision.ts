import { countWithin } from '../cutoff.ts';
import type { Ranking } from '../ranking.ts';

/** R-precision: precision (and recall) at as many ranks as there are positives. */
export function rPrecision(ranking: Ranking): number {
  const positives = ranking.idealGains.length;
  return countWithin(ranking, positives) / positives;
}
