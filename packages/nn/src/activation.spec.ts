import * as tf from '@tensorflow/tfjs';

import { activate, type Activation } from './activation.ts';

const points = [-4, -1, -0.5, 0.5, 1, 7];
/** Φ(1) and Φ(½), the normal distribution function. */
const [phi1, phiHalf] = [0.8413447460685429, 0.6914624612740131];

it.each<[Activation, number[]]>([
  ['relu', [0, 0, 0, 0.5, 1, 7]],
  ['relu6', [0, 0, 0, 0.5, 1, 6]],
  ['hardswish', [0, -1 / 3, -0.5 * (2.5 / 6), 0.5 * (3.5 / 6), 4 / 6, 7]],
  ['gelu', [-4 * 3.167e-5, phi1 - 1, (phiHalf - 1) / 2, phiHalf / 2, phi1, 7]],
  ['gelu_tanh', [-7e-5, -0.158808, -0.154286, 0.345714, 0.841192, 7]],
  ['silu', points.map((x) => x / (1 + Math.exp(-x)))],
  ['tanh', points.map(Math.tanh)],
  ['identity', points],
])('%s has its values', (name, expected) => {
  expect(activate(name, tf.tensor1d(points)).dataSync()).toBeAllClose(expected, 1e-5);
});

it.each<Activation>(['relu', 'relu6', 'hardswish', 'gelu', 'gelu_tanh', 'silu', 'tanh', 'identity'])(
  '%s has the gradient that finite differences show',
  (name) => {
    const loss = (x: tf.Tensor): tf.Scalar => tf.sum(tf.mul(activate(name, x), tf.tensor1d([1, -2, 3, -1, 2, 1])));
    expect(loss).toHaveGradientAt([tf.tensor1d(points)]);
  },
);

it.each<Activation>(['hardswish', 'gelu', 'gelu_tanh', 'silu'])('%s frees all but its result', (name) => {
  const x = tf.tensor1d(points);
  const before = tf.memory().numTensors;
  activate(name, x).dispose();
  expect(tf.memory().numTensors).toBe(before);
});
