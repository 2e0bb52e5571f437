import { createRandom } from '@azclip/base';
import { normalTensor } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { attentionPool, initAttentionPool } from './attention-pool.ts';

const x = tf.tensor3d([1, 0, 3, 0, 9, 9], [1, 3, 2]);
const mask = tf.tensor2d([1, 1, 0], [1, 3]);
const identity = { weight: tf.eye(2), bias: tf.zeros<tf.Rank.R1>([2]) };

it('is the mean where nothing is looked for', () => {
  expect(attentionPool({ map: identity, context: tf.zeros([2]) }, x, mask).dataSync()).toBeAllClose([2, 0]);
});

it('weighs items by the softmax of tanh(map(x)) · context', () => {
  const [a, b] = [Math.exp(2 * Math.tanh(1)), Math.exp(2 * Math.tanh(3))];
  const pooled = attentionPool({ map: identity, context: tf.tensor1d([2, 5]) }, x, mask);
  expect(pooled.dataSync()).toBeAllClose([(a + 3 * b) / (a + b), 0]);
});

it('does not depend on what stands in the padding', () => {
  const params = initAttentionPool(2, createRandom(1));
  const other = tf.tensor3d([1, 0, 3, 0, -7, 2], [1, 3, 2]);
  expect(attentionPool(params, x, mask).dataSync()).toBeAllClose(attentionPool(params, other, mask).dataSync());
});

it('has the gradient that finite differences show', () => {
  const random = createRandom(2);
  const { map, context } = initAttentionPool(3, random);
  const two = tf.tensor2d([1, 1, 0, 1, 1, 1], [2, 3]);
  const loss = (items: tf.Tensor3D, weight: tf.Tensor2D, wanted: tf.Tensor1D): tf.Scalar =>
    tf.sum(tf.square(attentionPool({ map: { ...map, weight }, context: wanted }, items, two)));
  expect(loss).toHaveGradientAt([normalTensor<tf.Rank.R3>([2, 3, 3], 1, random), map.weight, context]);
});

it('frees all but its result', () => {
  const params = initAttentionPool(2, createRandom(3));
  const before = tf.memory().numTensors;
  attentionPool(params, x, mask).dispose();
  expect(tf.memory().numTensors).toBe(before);
});
