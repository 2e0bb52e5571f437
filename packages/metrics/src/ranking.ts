/** What the measures know of the ranking of one query: where its positives stand. The negatives fill the ranks between,
 * so the list itself need not exist. */
export interface Ranking {
  /** Ranks of the positives that were retrieved, 1-based, ascending. */
  readonly ranks: ArrayLike<number>;
  /** Relevance of the positive at each of `ranks`, above 0; all 1 where relevance is binary. */
  readonly gains: ArrayLike<number>;
  /** Relevance of every positive, retrieved or not, descending. Its length is the number of positives. */
  readonly idealGains: ArrayLike<number>;
  /** Number of items retrieved: the whole gallery, or the length of a run's list. */
  readonly size: number;
  /** Which negatives were judged; absent where every item that is not positive is a judged negative. */
  readonly negatives?: JudgedNegatives;
}

/** The judged negatives of a query, for the measures that leave unjudged items out (bpref). */
export interface JudgedNegatives {
  /** Judged negatives ranked above each of the retrieved positives. */
  readonly above: ArrayLike<number>;
  /** Judged negatives in all, retrieved or not. */
  readonly total: number;
}

let ones = new Uint8Array(16).fill(1);

/** `count` gains of 1, the relevance of binary positives. The array is shared: read it only. */
export function binaryGains(count: number): ArrayLike<number> {
  if (ones.length < count) ones = new Uint8Array(2 * count).fill(1);
  return ones.subarray(0, count);
}

/** Makes a ranking from a list of relevances in ranked order.
 * @param relevance - relevance of the item at each rank, best first; 0 is a negative.
 * @param idealGains - relevances of all positives; absent: those in the list. */
export function rankingOf(relevance: ArrayLike<number>, idealGains?: readonly number[]): Ranking {
  const list = Array.from(relevance);
  const ranks = list.flatMap((gain, index) => (gain > 0 ? [index + 1] : []));
  const gains = list.filter((gain) => gain > 0);
  const ideal = (idealGains ?? gains).filter((gain) => gain > 0).sort((a, b) => b - a);
  return { ranks, gains, idealGains: ideal, size: list.length };
}
