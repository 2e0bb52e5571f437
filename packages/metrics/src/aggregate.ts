import type { Ranking } from './ranking.ts';

/** Values of a measure, one for each query that has positives.
 * @param measure - of one ranking. */
export function valuesOf(rankings: readonly Ranking[], measure: (ranking: Ranking) => number): Float64Array {
  return Float64Array.from(rankings.filter(hasPositives), (ranking) => measure(ranking));
}

/** Mean of a measure over the queries that have positives; a query without any says nothing of the ranking, so it is
 * left out, not averaged as 0 (`countWithoutPositives` counts them). NaN if no query is left. */
export function meanOf(rankings: readonly Ranking[], measure: (ranking: Ranking) => number): number {
  const values = valuesOf(rankings, measure);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Median of a measure over the queries that have positives (the mean of the two middle values of an even number). */
export function medianOf(rankings: readonly Ranking[], measure: (ranking: Ranking) => number): number {
  const sorted = valuesOf(rankings, measure).sort();
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** Number of queries without positives. */
export function countWithoutPositives(rankings: readonly Ranking[]): number {
  return rankings.length - rankings.filter(hasPositives).length;
}

const hasPositives = (ranking: Ranking): boolean => ranking.idealGains.length > 0;
