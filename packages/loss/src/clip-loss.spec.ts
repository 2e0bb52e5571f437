import { ShapeError } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { clipLoss } from './clip-loss.ts';
import { finiteDifferences, leakedTensors } from './finite-differences.spec.helper.ts';
import { expectGolden, itWithGolden } from './golden.spec.helper.ts';

it('is ln(batch) when no text stands out', () => {
  const loss = clipLoss(tf.eye(2), tf.zeros([2, 2]), tf.scalar(1)); // all logits 0 → softmax = 1/2 → −ln(1/2)
  expect(loss.dataSync()).toBeAllClose([Math.log(2)]);
});

it('is ln(1 + (n − 1) / e^scale) when every pair matches exactly and the others are orthogonal', () => {
  const loss = clipLoss(tf.eye(3), tf.eye(3), tf.scalar(2));
  expect(loss.dataSync()).toBeAllClose([Math.log(1 + 2 * Math.exp(-2))]);
});

itWithGolden("equals open_clip's loss and gradients at scales 1, 14.3 and 100", (golden) => {
  for (const scale of ['1.0000', '14.2857', '100.0000']) expectGolden(golden, `clip@${scale}`, clipLoss);
});

it('stays finite where a plain exponential overflows', () => {
  const images = tf.tensor2d([
    [1, 0],
    [-1, 0],
  ]);
  const { value, grad } = tf.valueAndGrad((x) => clipLoss(x as tf.Tensor2D, tf.neg(images), tf.scalar(1000)))(images);
  expect(value.dataSync()).toBeAllClose([2000]); // the wrong text by 2 · 1000 on every row and column
  expect(tf.isFinite(grad).all().dataSync()[0]).toBe(1);
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
  const loss = (x: tf.Tensor): tf.Scalar => clipLoss(x as tf.Tensor2D, texts, tf.scalar(3));
  expect(tf.grad(loss)(images).dataSync()).toBeAllClose(finiteDifferences(loss, images), 1e-3);
});

it('refuses batches of different shape', () => {
  expect(() => clipLoss(tf.zeros([2, 3]), tf.zeros([3, 3]), tf.scalar(1))).toThrow(ShapeError);
});

it('leaves no tensor behind', () => {
  const rows = tf.eye(3);
  const scale = tf.scalar(1);
  expect(leakedTensors(() => clipLoss(rows, rows, scale))).toBe(0);
  expect(leakedTensors(() => tf.grad((x) => clipLoss(x as tf.Tensor2D, rows, scale))(rows))).toBe(0);
});
