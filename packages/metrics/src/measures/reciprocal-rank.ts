import { countWithin, cutoffOf } from '../cutoff.ts';
import type { Ranking } from '../ranking.ts';

/** 1 / the rank of the first positive; 0 where none was retrieved (within `k`). The mean over queries is MRR. */
export function reciprocalRank(ranking: Ranking, k?: number): number {
  return countWithin(ranking, cutoffOf(ranking, k)) > 0 ? 1 / firstRank(ranking) : 0;
}

/** Rank of the first positive, 1-based; Infinity where none was retrieved. */
export function firstRank(ranking: Ranking): number {
  return ranking.ranks[0] ?? Infinity;
}
