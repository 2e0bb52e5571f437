import * as tf from '@tensorflow/tfjs';

import { clipLoss } from './clip-loss.ts';
import { finiteDifferences, leakedTensors } from './finite-differences.spec.helper.ts';
import { lowclipMargin } from './lowclip-margin.ts';

const hinge = { margin: 0.2, weight: 1 };
const scale = tf.scalar(5);

const marginTerm = (similarities: number[][], matches?: tf.Tensor2D): number => {
  const images = tf.tensor2d(similarities);
  const texts = tf.eye(similarities.length);
  const difference = tf.sub(lowclipMargin(images, texts, scale, hinge, matches), clipLoss(images, texts, scale));
  return difference.dataSync()[0] ?? NaN;
};

it('adds the squared lack of distance between match and hardest negative, of rows and of columns', () => {
  // rows: 0.2 − 0.9 + 0.8 = 0.1, 0.2 − 0.5 + 0.4 = 0.1; columns: 0.2 − 0.9 + 0.4 < 0, 0.2 − 0.5 + 0.8 = 0.5
  const expected = ((0.1 ** 2 + 0.1 ** 2) / 2 + 0.5 ** 2 / 2) / 2;
  expect(
    marginTerm([
      [0.9, 0.8],
      [0.4, 0.5],
    ]),
  ).toBeCloseTo(expected, 5);
});

it('adds nothing once every match leads by the margin', () => {
  expect(
    marginTerm([
      [0.9, 0.6],
      [-0.2, 0.9],
    ]),
  ).toBeCloseTo(0, 5);
});

it('takes no negative from what belongs together', () => {
  const similarities = [
    [0.5, 0.9, 0.1],
    [0.9, 0.5, 0.1],
    [0.1, 0.1, 0.5],
  ];
  const matches = tf.tensor2d([
    [1, 1, 0],
    [1, 1, 0],
    [0, 0, 1],
  ]);
  expect(marginTerm(similarities)).toBeGreaterThan(0.1);
  expect(marginTerm(similarities, matches)).toBeCloseTo(0, 5); // 0.2 − 0.5 + 0.1 < 0 everywhere
});

it('has the gradient of its values', () => {
  const images = tf.tensor2d([
    [0.6, -0.8],
    [0.2, 0.5],
    [1, 0.3],
  ]);
  const texts = tf.tensor2d([
    [0.1, 0.7],
    [-0.4, 0.2],
    [0.5, 0.5],
  ]);
  const loss = (x: tf.Tensor): tf.Scalar => lowclipMargin(x as tf.Tensor2D, texts, scale, hinge);
  expect(tf.grad(loss)(images).dataSync()).toBeAllClose(finiteDifferences(loss, images, 1e-3), 1e-2);
});

it('leaves no tensor behind', () => {
  const rows = tf.eye(3);
  expect(leakedTensors(() => lowclipMargin(rows, rows, scale, hinge))).toBe(0);
});
