import type { HostTensor } from '@azclip/onnx';

/** Rows of `rowShape` under each other: [rows, ...rowShape]. */
export function stackRows(rows: readonly Float32Array[], rowShape: readonly number[]): HostTensor {
  const size = rowShape.reduce((product, n) => product * n, 1);
  const data = new Float32Array(rows.length * size);
  rows.forEach((row, i) => {
    data.set(row, i * size);
  });
  return { dtype: 'float32', shape: [rows.length, ...rowShape], data };
}
