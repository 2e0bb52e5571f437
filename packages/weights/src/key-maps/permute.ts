/** Reorders the axes of a row-major array.
 * @param data - values of `shape`.  @param axes - for each axis of the result, the axis of `shape` it comes from.
 * @returns values of the permuted shape; `data` itself where the order stays. */
export function permute(data: Float32Array, shape: readonly number[], axes: readonly number[]): Float32Array {
  if (axes.every((axis, i) => axis === i)) return data;
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const sizes = axes.map((axis) => shape[axis] as number);
  const steps = axes.map((axis) => strides[axis] as number);
  const result = new Float32Array(data.length);
  const last = axes.length - 1;
  let next = 0;
  const walk = (axis: number, from: number): void => {
    const size = sizes[axis] as number;
    const step = steps[axis] as number;
    if (axis === last) for (let i = 0; i < size; i++) result[next++] = data[from + i * step] as number;
    else for (let i = 0; i < size; i++) walk(axis + 1, from + i * step);
  };
  walk(0, 0);
  return result;
}
