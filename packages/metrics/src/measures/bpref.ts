import type { Ranking } from '../ranking.ts';

/** bpref: how seldom a judged negative stands above a positive, which unjudged items do not touch. Of R positives and N
 * judged negatives, a positive with n judged negatives above it counts 1 − min(n, R) / min(R, N).
 * @see Buckley and Voorhees 2004 — https://doi.org/10.1145/1008992.1009000; the divisor as in trec_eval. */
export function bpref(ranking: Ranking): number {
  const positives = ranking.idealGains.length;
  const total = ranking.negatives?.total ?? ranking.size - positives;
  const bound = Math.min(positives, total);
  let sum = 0;
  for (let i = 0; i < ranking.ranks.length; i += 1) {
    const above = ranking.negatives?.above[i] ?? (ranking.ranks[i] ?? 0) - i - 1;
    sum += above === 0 ? 1 : 1 - Math.min(above, positives) / bound;
  }
  return sum / positives;
}
