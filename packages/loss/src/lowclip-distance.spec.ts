import * as tf from '@tensorflow/tfjs';

import { clipLoss } from './clip-loss.ts';
import { finiteDifferences, leakedTensors } from './finite-differences.spec.helper.ts';
import { lowclipDistance } from './lowclip-distance.ts';

const hinge = { margin: 0.2, weight: 1 };
const scale = tf.scalar(5);

/** Unit rows at these angles, in degrees. */
const rowsAt = (...degrees: number[]): tf.Tensor2D =>
  tf.tensor2d(degrees.map((d) => [Math.cos((d * Math.PI) / 180), Math.sin((d * Math.PI) / 180)]));

const marginTerm = (images: tf.Tensor2D, texts: tf.Tensor2D, matches?: tf.Tensor2D): number =>
  tf.sub(lowclipDistance(images, texts, scale, hinge, matches), clipLoss(images, texts, scale)).dataSync()[0] ?? NaN;

const cos = (degrees: number): number => Math.cos((degrees * Math.PI) / 180);

it('adds [max(0, max s − (1 − m))]², the same as the hinge on the smallest distance', () => {
  // images at 0° and 90°, texts at 10° and 30°: the wrong text is 30° from image 1, 80° from image 2
  const byDistance = (Math.max(0, 0.2 - (1 - cos(30))) ** 2 + Math.max(0, 0.2 - (1 - cos(80))) ** 2) / 2;
  const bySimilarity = Math.max(0, cos(30) - 0.8) ** 2 / 2;
  expect(byDistance).toBeCloseTo(bySimilarity, 12);
  expect(marginTerm(rowsAt(0, 90), rowsAt(10, 30))).toBeCloseTo(bySimilarity, 6);
});

it('pushes the nearest wrong text away, unlike the printed form', () => {
  const texts = rowsAt(0, 20, 170);
  const images = rowsAt(0, 90, 180);
  const gradient = (weight: number): tf.Tensor =>
    tf.grad((x) => lowclipDistance(images, x as tf.Tensor2D, scale, { margin: 0.2, weight }))(texts);
  const ofMargin = tf.sub(gradient(1), gradient(0)).dataSync();
  expect(ofMargin[2]).toBeGreaterThan(0.01); // text 2 is 20° from image 1: its likeness to it falls
  expect(ofMargin.slice(4)).toBeAllClose([0, 0], 1e-6); // text 3 is far from all others
});

it('does not push away what belongs together', () => {
  const matches = tf.tensor2d([
    [1, 1],
    [1, 1],
  ]);
  expect(marginTerm(rowsAt(0, 5), rowsAt(0, 5))).toBeGreaterThan(0.03);
  expect(marginTerm(rowsAt(0, 5), rowsAt(0, 5), matches)).toBeCloseTo(0, 6);
});

it('has the gradient of its values', () => {
  const images = rowsAt(0, 40, 100);
  const loss = (x: tf.Tensor): tf.Scalar => lowclipDistance(x as tf.Tensor2D, rowsAt(5, 25, 80), scale, hinge);
  expect(tf.grad(loss)(images).dataSync()).toBeAllClose(finiteDifferences(loss, images, 3e-3), 5e-3);
});

it('leaves no tensor behind', () => {
  const rows = rowsAt(0, 90);
  expect(leakedTensors(() => lowclipDistance(rows, rows, scale, hinge))).toBe(0);
});
