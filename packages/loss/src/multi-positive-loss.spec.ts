import { ShapeError } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { clipLoss } from './clip-loss.ts';
import { finiteDifferences, leakedTensors } from './finite-differences.spec.helper.ts';
import { multiPositiveLoss } from './multi-positive-loss.ts';

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
const scale = tf.scalar(3);
const twins = tf.tensor2d([
  [1, 1, 0],
  [1, 1, 0],
  [0, 0, 1],
]); // rows 1 and 2 say the same
const modes = ['positive', 'ignore'] as const;

const valueOf = (loss: tf.Scalar): number => loss.dataSync()[0] ?? NaN;

it.each(modes)('is the plain loss where only the diagonal matches (%s)', (mode) => {
  const loss = multiPositiveLoss(images, texts, scale, tf.eye(3), mode);
  expect(valueOf(loss)).toBeCloseTo(valueOf(clipLoss(images, texts, scale)), 5);
});

it('learns all matches of a row alike: ln 2 at best for twins, whose likelihood is shared', () => {
  const rows = tf.tensor2d([
    [1, 0],
    [1, 0],
    [0, 1],
  ]);
  // rows 1 and 2: each of two positives has 1/2; row 3: 1. Mean of ln 2, ln 2, 0
  const loss = multiPositiveLoss(rows, rows, tf.scalar(90), twins, 'positive');
  expect(valueOf(loss)).toBeCloseTo((2 / 3) * Math.log(2), 5);
});

it('leaves ignored matches out of the softmax: 0 at best for twins', () => {
  const rows = tf.tensor2d([
    [1, 0],
    [1, 0],
    [0, 1],
  ]);
  expect(valueOf(multiPositiveLoss(rows, rows, tf.scalar(90), twins, 'ignore'))).toBeCloseTo(0, 5);
  expect(valueOf(clipLoss(rows, rows, tf.scalar(90)))).toBeCloseTo((2 / 3) * Math.log(2), 5);
});

it.each(modes)('has the gradient of its values (%s)', (mode) => {
  const loss = (x: tf.Tensor): tf.Scalar => multiPositiveLoss(x as tf.Tensor2D, texts, scale, twins, mode);
  expect(tf.grad(loss)(images).dataSync()).toBeAllClose(finiteDifferences(loss, images), 1e-3);
});

it('sends no gradient through an ignored pair', () => {
  const ofText = tf.grad((x) => multiPositiveLoss(images, x as tf.Tensor2D, scale, tf.ones([3, 3]), 'ignore'))(texts);
  expect(ofText.dataSync()).toBeAllClose([0, 0, 0, 0, 0, 0], 1e-6); // no negatives are left: nothing to tell apart
});

it('refuses matches of another batch', () => {
  expect(() => multiPositiveLoss(images, texts, scale, tf.ones([2, 2]), 'positive')).toThrow(ShapeError);
});

it.each(modes)('leaves no tensor behind (%s)', (mode) => {
  expect(leakedTensors(() => multiPositiveLoss(images, texts, scale, twins, mode))).toBe(0);
});
