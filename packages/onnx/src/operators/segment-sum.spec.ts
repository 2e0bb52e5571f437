import { createRandom } from '@azclip/base';
import * as tf from '@tensorflow/tfjs';

import { compile } from '../compile.ts';
import { registerOnnxBackend } from '../eager/eager-backend.ts';

registerOnnxBackend();

/** Sums in plain loops; whole numbers, so that every order gives the same. */
function expectedSums(ids: Int32Array, rows: Float32Array, width: number, segments: number): number[] {
  const sums = new Array<number>(segments * width).fill(0);
  ids.forEach((id, i) => {
    if (id < 0 || id >= segments) return;
    for (let j = 0; j < width; j += 1) sums[id * width + j] = (sums[id * width + j] ?? 0) + (rows[i * width + j] ?? 0);
  });
  return sums;
}

const cases = [
  { name: 'few rows', count: 30, width: 4, segments: 7 },
  { name: 'many rows of few segments: each runs over many blocks', count: 3000, width: 16, segments: 5 },
  { name: 'many segments, most of them empty', count: 1500, width: 16, segments: 900 },
  { name: 'a number of rows that blocks do not divide', count: 1025, width: 17, segments: 40 },
  { name: 'single numbers', count: 20_000, width: 1, segments: 90 },
];

it.each(cases)(
  'sums repeated and out-of-range ids exactly, in every run: $name',
  async ({ count, width, segments }) => {
    await tf.setBackend('onnxruntime');
    const random = createRandom(count);
    const ids = Int32Array.from({ length: count }, () => random.integer(segments + 2) - 1); // −1 and `segments` do not count
    const rows = Float32Array.from({ length: count * width }, () => random.integer(9) - 4);
    const sum = compile(({ x, i }) => ({
      y: tf.unsortedSegmentSum(x as tf.Tensor2D, i as tf.Tensor1D, segments),
    }));
    const inputs = {
      x: { dtype: 'float32', shape: [count, width], data: rows },
      i: { dtype: 'int32', shape: [count], data: ids },
    } as const;
    const expected = expectedSums(ids, rows, width, segments);
    for (let run = 0; run < 5; run += 1) expect([...((await sum.run(inputs))['y']?.data ?? [])]).toEqual(expected);
    sum.dispose();
  },
);
