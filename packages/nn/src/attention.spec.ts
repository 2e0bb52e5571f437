import { createRandom } from '@azclip/base';
import * as tf from '@tensorflow/tfjs';

import { initAttention, multiHeadAttention } from './attention.ts';
import { normalTensor } from './init.ts';
import type { LinearParams } from './linear.ts';
import { evaluation, type Mode } from './mode.ts';

const scaled = (factor: number, dim: number): LinearParams => ({
  weight: tf.mul(tf.eye(dim), factor),
  bias: tf.zeros([dim]),
});

it('averages the values alike where all scores are equal', () => {
  const params = { query: scaled(0, 2), key: scaled(1, 2), value: scaled(1, 2), output: scaled(1, 2) };
  const x = tf.tensor3d([2, 0, 4, 6], [1, 2, 2]);
  expect(multiHeadAttention(params, x, { heads: 1, mode: evaluation }).dataSync()).toBeAllClose([3, 3, 3, 3]);
});

it('weighs each head by the softmax of q · k / √headDim', () => {
  const same = scaled(1, 2);
  const params = { query: same, key: same, value: same, output: same };
  const x = tf.tensor3d([1, 0, 0, 1], [1, 2, 2]); // two heads of size 1
  const w = Math.E / (Math.E + 1); // head 0, row 0: scores 1, 0 → weights w, 1 − w; row 1: scores 0, 0 → ½, ½
  const y = multiHeadAttention(params, x, { heads: 2, mode: evaluation });
  expect(y.dataSync()).toBeAllClose([w, 0.5, 0.5, w]);
});

it('does not look where the bias forbids', () => {
  const same = scaled(1, 2);
  const params = { query: same, key: same, value: same, output: same };
  const x = tf.tensor3d([1, 5, 7, 9], [1, 2, 2]);
  const bias = tf.tensor4d([0, -1e9], [1, 1, 1, 2]);
  expect(multiHeadAttention(params, x, { heads: 1, bias, mode: evaluation }).dataSync()).toBeAllClose([1, 5, 1, 5]);
});

it('drops attention weights in training only', () => {
  const params = initAttention(2, createRandom(1));
  const x = tf.ones([1, 2, 2]);
  const dropAll: Mode = { training: true, keepMask: (shape) => tf.zeros([...shape]), updateBuffer: () => undefined };
  const run = (mode: Mode): Float32Array =>
    multiHeadAttention(params, x, { heads: 1, dropoutRate: 0.5, mode }).dataSync<'float32'>();
  expect(run(dropAll)).toBeAllClose([0, 0, 0, 0]);
  expect(run(evaluation)).not.toBeAllClose([0, 0, 0, 0]);
});

it('has the gradient that finite differences show', () => {
  const random = createRandom(3);
  const params = initAttention(4, random);
  const bias = tf.tensor4d([0, 0, -1e9], [1, 1, 1, 3]);
  const loss = (x: tf.Tensor, query: tf.Tensor2D, key: tf.Tensor2D, value: tf.Tensor2D): tf.Scalar => {
    const maps = { query: { ...params.query, weight: query }, key: { ...params.key, weight: key } };
    const all = { ...params, ...maps, value: { ...params.value, weight: value } };
    return tf.sum(tf.square(multiHeadAttention(all, x, { heads: 2, bias, mode: evaluation })));
  };
  const x = normalTensor([2, 3, 4], 1, random);
  expect(loss).toHaveGradientAt([x, params.query.weight, params.key.weight, params.value.weight]);
});

it('frees all but its result', () => {
  const params = initAttention(4, createRandom(4));
  const x = tf.ones([1, 3, 4]);
  const before = tf.memory().numTensors;
  multiHeadAttention(params, x, { heads: 2, mode: evaluation }).dispose();
  expect(tf.memory().numTensors).toBe(before);
});
