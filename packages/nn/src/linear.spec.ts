import { createRandom } from '@azclip/base';
import * as tf from '@tensorflow/tfjs';

import { normalTensor } from './init.ts';
import { initLinear, linear } from './linear.ts';

const params = { weight: tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]), bias: tf.tensor1d([10, 20, 30]) };

it('maps the last axis and keeps the others', () => {
  const y = linear(params, tf.tensor3d([1, 0, 0, 1, 1, 1, 2, -1], [2, 2, 2]));
  expect(y.shape).toEqual([2, 2, 3]);
  // [1,0] → row 0 + bias; [0,1] → row 1 + bias; [1,1] → sum; [2,−1] → 2·row 0 − row 1
  expect(y.dataSync()).toBeAllClose([11, 22, 33, 14, 25, 36, 15, 27, 39, 8, 19, 30]);
});

it('has the gradient that finite differences show', () => {
  const random = createRandom(1);
  const loss = (x: tf.Tensor, weight: tf.Tensor2D, bias: tf.Tensor1D): tf.Scalar =>
    tf.sum(tf.square(linear({ weight, bias }, x)));
  expect(loss).toHaveGradientAt([normalTensor([2, 2, 2], 1, random), params.weight, params.bias]);
});

it('starts with the variance 2 / (in + out) and no bias', () => {
  const { weight, bias } = initLinear(60, 40, createRandom(2));
  expect((tf.moments(weight).variance.dataSync()[0] ?? 0) * 50).toBeCloseTo(1, 1);
  expect(bias.dataSync()).toBeAllClose(Array(40).fill(0));
});

it('frees all but its result', () => {
  const x = tf.ones([2, 2]);
  const before = tf.memory().numTensors;
  linear(params, x).dispose();
  expect(tf.memory().numTensors).toBe(before);
});
