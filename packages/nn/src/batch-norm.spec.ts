import * as tf from '@tensorflow/tfjs';

import { batchNorm, foldedNorm, initBatchNorm } from './batch-norm.ts';
import { evaluation, type Mode } from './mode.ts';

const params = () => ({
  scale: tf.tensor1d([2]),
  bias: tf.tensor1d([1]),
  runningMean: tf.tensor1d([10]),
  runningVar: tf.tensor1d([4]),
});

const x = (): tf.Tensor4D => tf.tensor4d([1, 3, 5, 7], [2, 1, 2, 1]); // mean 4, variance 5, unbiased 20 / 3

function recordingMode(): { mode: Mode; updates: [tf.Tensor, number[]][] } {
  const updates: [tf.Tensor, number[]][] = [];
  const updateBuffer = (buffer: tf.Tensor, updated: tf.Tensor): number =>
    updates.push([buffer, Array.from(updated.dataSync())]);
  return { mode: { training: true, keepMask: (shape) => tf.ones([...shape]), updateBuffer }, updates };
}

it('normalises by the batch while training', () => {
  const y = batchNorm(params(), x(), recordingMode().mode, { epsilon: 0 });
  const unit = 1 / Math.sqrt(5);
  expect(y.dataSync()).toBeAllClose([-3, -1, 1, 3].map((d) => 2 * d * unit + 1));
});

it('moves the running statistics a tenth of the way, the variance unbiased', () => {
  const { mode, updates } = recordingMode();
  const p = params();
  batchNorm(p, x(), mode);
  expect(updates.map(([buffer]) => buffer)).toEqual([p.runningMean, p.runningVar]);
  expect(updates[0]?.[1]).toBeAllClose([0.9 * 10 + 0.1 * 4]);
  expect(updates[1]?.[1]).toBeAllClose([0.9 * 4 + 0.1 * (20 / 3)]);
});

it('normalises by the stored statistics in evaluation', () => {
  const y = batchNorm(params(), x(), evaluation, { epsilon: 0 });
  expect(y.dataSync()).toBeAllClose([1, 3, 5, 7].map((v) => ((v - 10) / 2) * 2 + 1));
});

it('folds into scale and shift', () => {
  const { scale, shift } = foldedNorm(params(), { epsilon: 5 });
  expect(scale.dataSync()).toBeAllClose([2 / 3]); // 2 / √(4 + 5)
  expect(shift.dataSync()).toBeAllClose([1 - 20 / 3]);
});

it('starts as the identity', () => {
  expect(batchNorm(initBatchNorm(1), x(), evaluation, { epsilon: 0 }).dataSync()).toBeAllClose([1, 3, 5, 7]);
});

it('has the gradient that finite differences show, through the statistics of the batch', () => {
  const { mode } = recordingMode();
  const weights = tf.tensor4d([1, -2, 0.5, 3], [2, 1, 2, 1]);
  const loss = (input: tf.Tensor): tf.Scalar =>
    tf.sum(tf.mul(batchNorm(params(), input as tf.Tensor4D, mode), weights));
  const gradient = tf.grad(loss)(x()).dataSync();
  const step = 1e-2;
  const numeric = [0, 1, 2, 3].map((i) => {
    const at = (t: number): number =>
      loss(tf.add(x(), tf.reshape(tf.oneHot(i, 4), [2, 1, 2, 1]).mul(t))).dataSync()[0] ?? NaN;
    return (at(step) - at(-step)) / (2 * step);
  });
  expect(gradient).toBeAllClose(numeric, 2e-3);
});
