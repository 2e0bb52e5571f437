import * as tf from '@tensorflow/tfjs';

import { l2Normalize } from './l2-normalize.ts';

it('scales every row to length 1', () => {
  expect(l2Normalize(tf.tensor2d([3, 4, 0, -2], [2, 2])).dataSync()).toBeAllClose([0.6, 0.8, 0, -1]);
});

it('leaves zeros zeros, with a finite gradient', () => {
  const zeros = tf.zeros<tf.Rank.R2>([1, 3]);
  const gradient = tf.grad((x) => tf.sum(l2Normalize(x as tf.Tensor2D)))(zeros);
  expect(l2Normalize(zeros).dataSync()).toBeAllClose([0, 0, 0]);
  expect(gradient.dataSync().every(Number.isFinite)).toBe(true);
});

it('has the gradient that finite differences show', () => {
  const weights = tf.tensor2d([1, -2, 3, 0.5], [2, 2]);
  const loss = (x: tf.Tensor2D): tf.Scalar => tf.sum(tf.mul(l2Normalize(x), weights));
  expect(loss).toHaveGradientAt([tf.tensor2d([3, 4, 0.5, -2], [2, 2])]);
});

it('frees all but its result', () => {
  const x = tf.ones<tf.Rank.R2>([2, 2]);
  const before = tf.memory().numTensors;
  l2Normalize(x).dispose();
  expect(tf.memory().numTensors).toBe(before);
});
