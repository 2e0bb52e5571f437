import * as tf from '@tensorflow/tfjs';

import { embedding } from './embedding.ts';

const table = tf.tensor2d([0, 1, 10, 11, 20, 21], [3, 2]);

it('gives the row of each id', () => {
  const y = embedding(table, tf.tensor2d([2, 0, 1, 2], [2, 2], 'int32'));
  expect(y.shape).toEqual([2, 2, 2]);
  expect(y.dataSync()).toBeAllClose([20, 21, 0, 1, 10, 11, 20, 21]);
});

it('adds up the gradients of a row that is looked up twice', () => {
  const weights = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
  const ids = tf.tensor1d([2, 0, 2], 'int32');
  const gradient = tf.grad((t) => tf.sum(tf.mul(embedding(t as tf.Tensor2D, ids), weights)))(table);
  expect(gradient.dataSync()).toBeAllClose([3, 4, 0, 0, 1 + 5, 2 + 6]);
});

it('has the gradient that finite differences show', () => {
  const ids = tf.tensor2d([2, 0, 2, 1], [2, 2], 'int32');
  expect((t: tf.Tensor2D): tf.Scalar => tf.sum(tf.square(embedding(t, ids)))).toHaveGradientAt([tf.div(table, 10)]);
});
