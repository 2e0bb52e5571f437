import { ShapeError } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { alignment, uniformity } from './feature-geometry.ts';
import { leakedTensors } from './finite-differences.spec.helper.ts';

const right = tf.tensor2d([
  [1, 0],
  [0, 1],
]);

it('aligns by the squared distance of the matches', () => {
  expect(alignment(right, right).dataSync()).toBeAllClose([0]);
  const texts = tf.tensor2d([
    [1, 0],
    [1, 0],
  ]);
  expect(alignment(right, texts).dataSync()).toBeAllClose([1]); // (0 + 2) / 2
  expect(() => alignment(right, tf.zeros([3, 2]))).toThrow(ShapeError);
});

it('spreads by the pairs alone, not by the rows with themselves', () => {
  expect(uniformity(right).dataSync()).toBeAllClose([-4]); // ln e^(−2 · 2)
  expect(
    uniformity(
      tf.tensor2d([
        [1, 0],
        [-1, 0],
      ]),
    ).dataSync(),
  ).toBeAllClose([-8], 1e-3); // ln e^(−2 · 4)
  const three = tf.tensor2d([
    [1, 0],
    [1, 0],
    [0, 1],
  ]);
  expect(uniformity(three).dataSync()).toBeAllClose([Math.log((1 + 2 * Math.exp(-4)) / 3)], 1e-5);
});

it('is 0 where all features are one', () => {
  expect(uniformity(tf.tile(tf.tensor2d([[0.6, 0.8]]), [64, 1])).dataSync()).toBeAllClose([0], 1e-5);
});

it('leaves no tensor behind', () => {
  expect(leakedTensors(() => alignment(right, right))).toBe(0);
  expect(leakedTensors(() => uniformity(right))).toBe(0);
});
