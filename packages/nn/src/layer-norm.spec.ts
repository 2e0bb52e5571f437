import * as tf from '@tensorflow/tfjs';

import { initLayerNorm, layerNorm } from './layer-norm.ts';

const x = tf.tensor3d([1, 3, 5, 7, 2, 2, 2, 2], [2, 1, 4]); // first row: mean 4, variance 5

it('makes every row of mean 0 and variance 1, then scales and shifts', () => {
  const params = { scale: tf.tensor1d([2, 2, 2, 2]), bias: tf.tensor1d([1, 1, 1, 1]) };
  const unit = 1 / Math.sqrt(5);
  expect(layerNorm(params, x, 0).dataSync().slice(0, 4)).toBeAllClose([-3, -1, 1, 3].map((d) => 2 * d * unit + 1));
});

it('adds epsilon to the variance, so that a constant row becomes zeros', () => {
  const y = layerNorm(initLayerNorm(4), x, 4).dataSync();
  expect(y).toBeAllClose([-1, -1 / 3, 1 / 3, 1, 0, 0, 0, 0]); // √(5 + 4) = 3
});

it('has the gradient that finite differences show', () => {
  const weights = tf.tensor3d([1, -2, 0.5, 3, 1, 1, -1, 2], [2, 1, 4]);
  const loss = (input: tf.Tensor, scale: tf.Tensor1D, bias: tf.Tensor1D): tf.Scalar =>
    tf.sum(tf.mul(layerNorm({ scale, bias }, input, 0.1), weights));
  expect(loss).toHaveGradientAt([x, tf.tensor1d([1, 2, 3, 4]), tf.tensor1d([0, 1, 0, 1])]);
});

it('frees all but its result', () => {
  const params = initLayerNorm(4);
  const before = tf.memory().numTensors;
  layerNorm(params, x, 1e-5).dispose();
  expect(tf.memory().numTensors).toBe(before);
});
