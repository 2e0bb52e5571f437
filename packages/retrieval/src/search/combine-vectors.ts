/** A vector of length 1 in the direction of `vector`; one of length 0 stays as it is. */
export function unit(vector: Float32Array): Float32Array {
  const norm = Math.hypot(...vector);
  return norm === 0 ? vector : vector.map((value) => value / norm);
}

/** The sum of vectors times their weights, brought back to length 1: a query of several parts.
 * @example combineVectors([[text, 0.5], [image, 0.5]]) */
export function combineVectors(parts: readonly (readonly [vector: Float32Array, weight: number])[]): Float32Array {
  const sum = new Float32Array(parts[0]?.[0].length ?? 0);
  for (const [vector, weight] of parts) {
    for (const [i, value] of vector.entries()) sum[i] = (sum[i] ?? 0) + weight * value;
  }
  return unit(sum);
}
