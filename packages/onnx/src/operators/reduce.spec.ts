import { createRandom } from '@azclip/base';
import * as tf from '@tensorflow/tfjs';

import { compile } from '../compile.ts';
import { registerOnnxBackend } from '../eager/eager-backend.ts';

registerOnnxBackend();

/** Column sums in double precision. */
function exactSums(data: Float32Array, columns: number): number[] {
  const sums = new Array<number>(columns).fill(0);
  data.forEach((value, i) => (sums[i % columns] = (sums[i % columns] ?? 0) + value));
  return sums;
}

it.each([
  { shape: [2, 112, 112, 8], axes: [0, 1, 2], keepDims: false, worst: 1e-6 }, // 25,088 rows: one after the other 6e-6
  { shape: [4, 90, 3], axes: [0, 1], keepDims: true, worst: 1e-6 }, // 360 rows in blocks of 120
  { shape: [257, 5], axes: [0], keepDims: false, worst: 1e-5 }, // a prime number of rows: one block
])('sums and averages over the leading axes of $shape', async ({ shape, axes, keepDims, worst }) => {
  await tf.setBackend('onnxruntime');
  const random = createRandom(1);
  const columns = shape.at(-1) ?? 1;
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => 1 + random.uniform());
  const compiled = compile(({ x }) => ({
    sum: tf.sum(x as tf.Tensor, axes, keepDims),
    mean: tf.mean(x as tf.Tensor, axes, keepDims),
  }));
  const { sum, mean } = await compiled.run({ x: { dtype: 'float32', shape, data } });
  compiled.dispose();
  const expected = exactSums(data, columns);
  const ratios = (values: ArrayLike<number> | undefined, scale: number): number[] =>
    expected.map((exact, i) => ((values?.[i] ?? NaN) * scale) / exact - 1);
  const rows = data.length / columns;
  expect(sum?.shape).toEqual([...(keepDims ? axes.map(() => 1) : []), columns]);
  expect(Math.max(...[...ratios(sum?.data, 1), ...ratios(mean?.data, rows)].map(Math.abs))).toBeLessThan(worst);
});
