import * as tf from '@tensorflow/tfjs';

import { finiteDifferences, leakedTensors } from './finite-differences.spec.helper.ts';
import { logSumExp } from './log-sum-exp.ts';

it('sums the exponentials of one axis and keeps it', () => {
  const x = tf.tensor2d([
    [0, Math.log(3)],
    [1000, 1000],
  ]);
  expect(logSumExp(x, 1).shape).toEqual([2, 1]);
  expect(logSumExp(x, 1).dataSync()).toBeAllClose([Math.log(4), 1000 + Math.log(2)], 1e-4);
});

it('has the softmax as gradient, along rows and along columns', () => {
  const x = tf.tensor2d([
    [0.5, -1],
    [2, 0.25],
    [-0.5, 1],
  ]);
  for (const axis of [0, 1]) {
    const weighted = (y: tf.Tensor): tf.Tensor =>
      tf.sum(tf.mul(logSumExp(y, axis), axis === 0 ? tf.tensor2d([[1, 3]]) : 2));
    expect(tf.grad(weighted)(x).dataSync()).toBeAllClose(finiteDifferences(weighted, x), 1e-3);
  }
});

it('leaves no tensor behind', () => {
  const x = tf.ones([2, 3]);
  expect(leakedTensors(() => logSumExp(x, 0))).toBe(0);
  expect(leakedTensors(() => tf.grad((y) => tf.sum(logSumExp(y, 0)))(x))).toBe(0);
});
