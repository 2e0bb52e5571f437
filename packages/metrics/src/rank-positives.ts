import { DuplicateIdError, LengthError, ScoreError, UnknownIdError } from './errors.ts';
import { binaryGains, type Ranking } from './ranking.ts';
import type { ScoreRows, Scores } from './score-rows.ts';

const { isNaN } = Number; // hoisted: it runs once a score

/** What `rankPositives` may be told. */
export interface RankOptions {
  /** Relevance of each positive, above 0, parallel to `positives`; absent: all 1. */
  readonly gains?: readonly ArrayLike<number>[];
  /** Scores held at once; the default of 2²² is 16 MiB. */
  readonly chunkScores?: number;
}

/** Ranks the positives of every query by counting the items that score above them: the ranks of a full sort, without
 * the sort. Ties are broken against the model: among equal scores the negatives come first, then the positives of
 * smaller gain, then the smaller index; so a model that gives every item the same score stands at the bottom.
 * @param positives - indices into the gallery, one list a query; an empty list is a query without positives.
 * @throws {ScoreError} if a score is NaN.  @throws {UnknownIdError} if an index is not in the gallery.
 * @throws {LengthError} if there is not one list of positives (and of gains) a query. */
export async function rankPositives(
  rows: ScoreRows,
  positives: readonly ArrayLike<number>[],
  options: RankOptions = {},
): Promise<Ranking[]> {
  checkLists(rows, positives, options.gains);
  const step = Math.max(1, Math.floor((options.chunkScores ?? 2 ** 22) / rows.gallery));
  const rankings: Ranking[] = [];
  for (let from = 0; from < rows.queries; from += step) {
    const to = Math.min(rows.queries, from + step);
    const scores = await rows.read(from, to);
    for (let query = from; query < to; query += 1) {
      const row = scores.subarray((query - from) * rows.gallery, (query - from + 1) * rows.gallery);
      rankings.push(rankRow(row, positives[query] ?? [], options.gains?.[query], query));
    }
  }
  return rankings;
}

function checkLists(rows: ScoreRows, positives: readonly ArrayLike<number>[], gains: RankOptions['gains']): void {
  if (positives.length !== rows.queries || (gains !== undefined && gains.length !== rows.queries)) {
    const got = `${String(positives.length)} lists of positives${gains ? `, ${String(gains.length)} of gains` : ''}`;
    throw new LengthError(`positives: expected one list for each of ${String(rows.queries)} queries, got ${got}`);
  }
}

/** Ranks the positives of one row of scores. */
function rankRow(
  row: Scores,
  positives: ArrayLike<number>,
  gains: ArrayLike<number> | undefined,
  query: number,
): Ranking {
  const order = orderOfPositives(row, positives, gains, query);
  const thresholds = Float64Array.from(order, ({ score }) => score).reverse(); // ascending
  const reached = countReached(row, thresholds, query); // items at or above each threshold
  const ranks = order.map(({ score }, place) => {
    const ties = order.length - lowerBound(thresholds, score); // positives at or above this score
    return (reached[lowerBound(thresholds, score)] as number) - ties + place + 1;
  });
  if (gains === undefined) {
    const all = binaryGains(order.length);
    return { ranks: Int32Array.from(ranks), gains: all, idealGains: all, size: row.length };
  }
  const sorted = order.map(({ gain }) => gain);
  return { ranks, gains: sorted, idealGains: [...sorted].sort((a, b) => b - a), size: row.length };
}

interface Positive {
  readonly index: number;
  readonly score: number;
  readonly gain: number;
}

function orderOfPositives(
  row: Scores,
  positives: ArrayLike<number>,
  gains: ArrayLike<number> | undefined,
  query: number,
): Positive[] {
  if (gains && gains.length !== positives.length) {
    const counts = `${String(positives.length)} gains, got ${String(gains.length)}`;
    throw new LengthError(`query ${String(query)}: expected ${counts}`);
  }
  const list = Array.from(positives, (index, i) => ({ index, score: row[index] ?? NaN, gain: gains?.[i] ?? 1 }));
  const seen = new Set<number>();
  for (const { index, score, gain } of list) {
    if (seen.has(index))
      throw new DuplicateIdError(`query ${String(query)}: positive ${String(index)} is listed twice`);
    seen.add(index);
    if (!(index in row)) throw new UnknownIdError(`query ${String(query)}: positive ${String(index)} is no item`);
    if (isNaN(score)) throw notANumber(query, index);
    if (!(gain > 0)) throw new ScoreError(`query ${String(query)}: expected gains above 0, got ${String(gain)}`);
  }
  return list.sort((a, b) => b.score - a.score || a.gain - b.gain || a.index - b.index);
}

/** Items that score at or above each threshold.
 * @param thresholds - ascending. */
function countReached(row: Scores, thresholds: Float64Array, query: number): Int32Array {
  const counts = new Int32Array(thresholds.length);
  const lowest = thresholds[0] ?? Infinity;
  const single = thresholds.length < 2;
  for (let item = 0; item < row.length; item += 1) {
    const score = row[item] as number;
    if (score < lowest) continue;
    if (isNaN(score)) throw notANumber(query, item);
    if (thresholds.length === 0) continue;
    const bin = single ? 0 : lastReached(thresholds, score);
    counts[bin] = (counts[bin] as number) + 1;
  }
  for (let i = counts.length - 2; i >= 0; i -= 1) counts[i] = (counts[i] as number) + (counts[i + 1] as number);
  return counts;
}

/** Index of the first value that is not below `x`. */
function lowerBound(ascending: Float64Array, x: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the last value that is not above `x`; there is one. */
function lastReached(ascending: Float64Array, x: number): number {
  let index = lowerBound(ascending, x);
  while (index < ascending.length && ascending[index] === x) index += 1;
  return index - 1;
}

const notANumber = (query: number, item: number): ScoreError =>
  new ScoreError(`query ${String(query)}, item ${String(item)}: expected a score, got NaN`);
