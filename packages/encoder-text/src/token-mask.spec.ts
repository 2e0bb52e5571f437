import * as tf from '@tensorflow/tfjs';

import { maskBias, maskedMean } from './token-mask.ts';

const x = tf.tensor3d([1, 2, 3, 4, 100, 100, 5, 6, 100, 100, 100, 100], [2, 3, 2]);
const mask = tf.tensor2d([1, 1, 0, 1, 0, 0], [2, 3]);

it('averages what stands', () => {
  expect(maskedMean(x, mask).dataSync()).toBeAllClose([2, 3, 5, 6]);
});

it('gives zeros where nothing stands', () => {
  expect(maskedMean(x, tf.zeros([2, 3])).dataSync()).toBeAllClose([0, 0, 0, 0]);
});

it('makes a softmax pass over padding exactly', () => {
  const weights = tf.softmax(tf.add(tf.tensor2d([1, 1, 50, 0, 9, 9], [2, 3]), maskBias(mask)));
  expect(Array.from(weights.dataSync())).toEqual([0.5, 0.5, 0, 1, 0, 0]);
});

it('has the gradient that finite differences show', () => {
  expect((h: tf.Tensor3D): tf.Scalar => tf.sum(tf.square(maskedMean(h, mask)))).toHaveGradientAt([tf.div(x, 10)]);
});

it('frees all but its result', () => {
  const before = tf.memory().numTensors;
  maskedMean(x, mask).dispose();
  maskBias(mask).dispose();
  expect(tf.memory().numTensors).toBe(before);
});
