/** Steps per unit at 512 dimensions: 127 steps cover 3.77 standard deviations of a unit vector's components, which
 * loses less to clipping than it gains in resolution (measured: docs/decisions/0071). */
const STEPS_AT_512 = 762;

/** Steps per unit for unit vectors of `dim` numbers, whose components shrink with √dim. */
export function int8Scale(dim: number): number {
  return STEPS_AT_512 * Math.sqrt(dim / 512);
}

/** Rounds `vectors` × `scale` to int8, clipped at ±127. */
export function quantize(vectors: Float32Array, scale: number): Int8Array {
  return Int8Array.from(vectors, (value) => Math.max(-127, Math.min(127, Math.round(value * scale))));
}
