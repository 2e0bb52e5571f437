import { countWithin, cutoffOf } from '../cutoff.ts';
import type { Ranking } from '../ranking.ts';

/** How relevance becomes gain: as it is (trec_eval, torchmetrics), or 2^relevance − 1 (Burges et al. 2005). */
export type GainKind = 'linear' | 'exponential';

/** nDCG@k: Σ gain / log2(rank + 1) over the positives within `k`, divided by the same sum of the best ranking.
 * @param k - absent: the whole ranking.
 * @see Järvelin and Kekäläinen 2002 — https://doi.org/10.1145/582415.582418 */
export function ndcgAtK(ranking: Ranking, k?: number, kind: GainKind = 'linear'): number {
  const cutoff = cutoffOf(ranking, k);
  const gain = (relevance: number): number => (kind === 'linear' ? relevance : 2 ** relevance - 1);
  const found = countWithin(ranking, cutoff);
  let [sum, ideal] = [0, 0];
  for (let i = 0; i < found; i += 1) sum += gain(ranking.gains[i] ?? 0) / Math.log2((ranking.ranks[i] ?? 0) + 1);
  const attainable = k === undefined ? ranking.idealGains.length : Math.min(cutoff, ranking.idealGains.length);
  for (let i = 0; i < attainable; i += 1) ideal += gain(ranking.idealGains[i] ?? 0) / Math.log2(i + 2);
  return sum / ideal;
}
