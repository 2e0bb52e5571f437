import type { HostTensor } from '@azclip/onnx';

/** Rows of `rowShape` under each other: [rows, ...rowShape].
 * @param memory - where to write them; memory of their own unless told. */
export function stackRows(
  rows: readonly Float32Array[],
  rowShape: readonly number[],
  memory: (size: number) => Float32Array = (size) => new Float32Array(size),
): HostTensor {
  const size = rowShape.reduce((product, n) => product * n, 1);
  const data = memory(rows.length * size);
  rows.forEach((row, i) => {
    data.set(row, i * size);
  });
  return { dtype: 'float32', shape: [rows.length, ...rowShape], data };
}
