/** How sure a score makes that the best hit fits, as learned from the model's own pairs: stored in `config.json`. */
export interface RelevanceCurve {
  /** Of the logit. */
  readonly offset: number;
  /** Logits a unit of cosine. */
  readonly perScore: number;
  /** Logits a unit of √(2 ln n), the rate at which the best of n chance scores grows; below 0. */
  readonly perSize: number;
}

/** Chance that the best hit of a text query fits it, where a query that fits and one that means nothing are equally
 * likely beforehand.
 * @param score - cosine of the best hit.  @param count - images it was the best of.
 * @returns 0 … 1. */
export function relevance(score: number, count: number, { offset, perScore, perSize }: RelevanceCurve): number {
  return 1 / (1 + Math.exp(-(offset + perScore * score + perSize * chanceGrowth(count))));
}

/** √(2 ln n): where the largest of `count` independent standard normal numbers lies, for large counts.
 * @see Embrechts et al., Modelling Extremal Events, example 3.3.29 */
export function chanceGrowth(count: number): number {
  return Math.sqrt(2 * Math.log(Math.max(1, count)));
}
