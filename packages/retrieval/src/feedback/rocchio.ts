import { combineVectors } from '../search/combine-vectors.ts';

/** How much the liked and the disliked count beside the query. */
export interface RocchioWeights {
  /** Weight of the mean of the liked; default 0.75. */
  readonly liked?: number;
  /** Weight of the mean of the disliked, taken away; default 0.15. */
  readonly disliked?: number;
}

/** Moves a query towards what was liked and away from what was not.
 * @returns a unit vector.
 * @see Rocchio 1971; weights as in Manning, Raghavan, Schütze 2008, section 9.1.1 —
 * https://nlp.stanford.edu/IR-book/html/htmledition/the-rocchio71-algorithm-1.html */
export function rocchio(
  query: Float32Array,
  liked: readonly Float32Array[],
  disliked: readonly Float32Array[],
  weights: RocchioWeights = {},
): Float32Array {
  const { liked: towards = 0.75, disliked: away = 0.15 } = weights;
  return combineVectors([
    [query, 1],
    ...liked.map((vector) => [vector, towards / liked.length] as const),
    ...disliked.map((vector) => [vector, -away / disliked.length] as const),
  ]);
}
