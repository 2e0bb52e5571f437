import { countWithin, cutoffOf } from '../cutoff.ts';
import type { Ranking } from '../ranking.ts';

/** hit@k: 1 if a positive is among the first `k`, else 0. The mean over queries is what papers on image–text retrieval
 * call R@k (and trec_eval `success`).
 * @see CLIP_benchmark, zeroshot_retrieval.py — https://github.com/LAION-AI/CLIP_benchmark */
export function hitAtK(ranking: Ranking, k: number): number {
  return countWithin(ranking, cutoffOf(ranking, k)) > 0 ? 1 : 0;
}
