import type { NamedTensor } from '@azclip/weights';

/** The rows `rows` of a matrix, in their order: an embedding table cut down to the pieces that remain.
 * @param tensor - [size, dim], float32. */
export function keepRows({ name, shape, data }: NamedTensor, rows: Int32Array): NamedTensor {
  const [, dim = 1] = shape;
  const kept = new Float32Array(rows.length * dim);
  rows.forEach((row, place) => {
    kept.set(data.subarray(row * dim, (row + 1) * dim), place * dim);
  });
  return { name, dtype: 'float32', shape: [rows.length, dim], data: kept };
}
