import * as tf from '@tensorflow/tfjs';

import { compile } from '../compile.ts';
import { checkCase, floats, type KernelCase } from './reference.spec.support.ts';

const maxPool =
  (size: number, strides: number, pad: 'same' | 'valid' | number, rounding?: 'ceil' | 'floor'): KernelCase['fn'] =>
  (x) =>
    tf.maxPool(x as tf.Tensor4D, size, strides, pad, rounding);
const averagePool =
  (size: number, strides: number, pad: 'same' | 'valid' | number): KernelCase['fn'] =>
  (x) =>
    tf.avgPool(x as tf.Tensor4D, size, strides, pad);

const cases: KernelCase[] = [
  { name: 'max, 2 × 2', inputs: [floats(2, 4, 6, 3)], fn: maxPool(2, 2, 'valid') },
  { name: 'max, overlapping, same', inputs: [floats(2, 7, 7, 2)], fn: maxPool(3, 2, 'same') },
  { name: 'max, padded', inputs: [floats(1, 6, 6, 2)], fn: maxPool(3, 2, 1, 'floor') },
  { name: 'max, rounded up', inputs: [floats(1, 6, 6, 2)], fn: maxPool(3, 2, 0, 'ceil'), gradient: false },
  {
    name: 'max of equals',
    inputs: [{ shape: [1, 4, 4, 1], values: Array<number>(16).fill(0) }],
    fn: maxPool(3, 1, 'same'),
  },
  { name: 'max of no images', inputs: [floats(0, 4, 4, 1)], fn: maxPool(2, 2, 'valid') },
  { name: 'mean, 2 × 2', inputs: [floats(2, 4, 6, 3)], fn: averagePool(2, 2, 'valid') },
  { name: 'mean, overlapping', inputs: [floats(2, 7, 7, 2)], fn: averagePool(3, 2, 'valid') },
  { name: 'mean, rows left over', inputs: [floats(1, 6, 5, 2)], fn: averagePool(3, 2, 'valid') },
  {
    name: 'mean of everything',
    inputs: [floats(2, 3, 4, 2)],
    fn: (x) => tf.avgPool(x as tf.Tensor4D, [3, 4], 1, 'valid'),
  },
  {
    name: 'mean, same (forward: see below)',
    inputs: [floats(1, 5, 5, 2)],
    fn: averagePool(3, 2, 'same'),
    gradient: false,
  },
];

it.each(cases)('pooling, $name, equals the CPU backend, forward and gradient', checkCase);

it('shares the gradient of a padded mean among the entries that were averaged', async () => {
  // [1, 2, 3] with windows of 2, padded to [1, 2, 3, –]: means (1+2)/2, (2+3)/2, 3/1; the CPU backend divides all by 2
  const compiled = compile(({ x }) => ({
    gradient: tf.grad((input: tf.Tensor) => tf.sum(tf.avgPool(input as tf.Tensor4D, [1, 2], 1, 'same')))(
      x as tf.Tensor,
    ),
  }));
  const { gradient } = await compiled.run({
    x: { dtype: 'float32', shape: [1, 1, 3, 1], data: Float32Array.of(1, 2, 3) },
  });
  compiled.dispose();
  expect(gradient?.data).toBeAllClose([0.5, 1, 1.5]);
});

it('gives gradients to windows that rounding up made', async () => {
  // 1 … 16 in rows of 4, windows of 3 with step 2, rounded up to 2 × 2 of them: the largest are 11, 12, 15 and 16;
  // the CPU backend's gradient knows the first window only
  const compiled = compile(({ x }) => ({
    gradient: tf.grad((input: tf.Tensor) => tf.sum(tf.maxPool(input as tf.Tensor4D, 3, 2, 0, 'ceil')))(x as tf.Tensor),
  }));
  const data = Float32Array.from({ length: 16 }, (_, i) => i + 1);
  const { gradient } = await compiled.run({ x: { dtype: 'float32', shape: [1, 4, 4, 1], data } });
  compiled.dispose();
  expect(gradient?.data).toBeAllClose([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1]);
});
