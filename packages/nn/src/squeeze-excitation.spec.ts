import { createRandom } from '@azclip/base';
import * as tf from '@tensorflow/tfjs';

import { applyGate, initSqueezeExcitation, squeezeExcitation } from './squeeze-excitation.ts';

it('scales channels by gates of their means', () => {
  const x = tf.tensor4d([1, 0, 3, 4], [1, 1, 2, 2]); // means 2, 2
  const params = {
    reduce: { weight: tf.tensor2d([[1], [1]]), bias: tf.tensor1d([-1]) }, // 2 + 2 − 1 = 3
    expand: { weight: tf.tensor2d([[1, -1]]), bias: tf.tensor1d([0, 0]) }, // 3, −3
  };
  const y = squeezeExcitation(params, x, { activation: 'relu', gate: 'sigmoid' });
  const [open, shut] = [1 / (1 + Math.exp(-3)), 1 / (1 + Math.exp(3))];
  expect(y.dataSync()).toBeAllClose([open, 0, 3 * open, 4 * shut]);
});

it('has a piecewise linear gate', () => {
  expect(applyGate('hardsigmoid', tf.tensor1d([-4, 0, 1.5, 3])).dataSync()).toBeAllClose([0, 0.5, 0.75, 1]);
});

it('frees all but its result', () => {
  const params = initSqueezeExcitation(4, 2, createRandom(1));
  const x = tf.ones<tf.Rank.R4>([2, 3, 3, 4]);
  const before = tf.memory().numTensors;
  squeezeExcitation(params, x, { activation: 'silu', gate: 'hardsigmoid' }).dispose();
  expect(tf.memory().numTensors).toBe(before);
});
