import * as tf from '@tensorflow/tfjs';

import { finiteDifferences, leakedTensors } from './finite-differences.spec.helper.ts';
import { expectGolden, itWithGolden } from './golden.spec.helper.ts';
import { siglipLoss } from './siglip-loss.ts';

it('is (n − 1) · ln 2 + ln 2 an image when all logits are 0', () => {
  const loss = siglipLoss(tf.zeros([3, 2]), tf.zeros([3, 2]), tf.scalar(5), tf.scalar(0)); // 9 questions, 3 images
  expect(loss.dataSync()).toBeAllClose([3 * Math.log(2)]);
});

itWithGolden("equals open_clip's loss and gradients at scales 1, 14.3 and 100 with bias −10", (golden) => {
  for (const scale of ['1.0000', '14.2857', '100.0000']) {
    expectGolden(golden, `siglip@${scale}`, (images, texts, s) => siglipLoss(images, texts, s, tf.scalar(-10)));
  }
});

it('has the gradient of its values, of images and of the bias', () => {
  const images = tf.tensor2d([
    [0.6, -0.8],
    [0.2, 0.5],
  ]);
  const texts = tf.tensor2d([
    [0.1, 0.7],
    [-0.4, 0.2],
  ]);
  const ofImages = (x: tf.Tensor): tf.Scalar => siglipLoss(x as tf.Tensor2D, texts, tf.scalar(3), tf.scalar(-1));
  const ofBias = (x: tf.Tensor): tf.Scalar => siglipLoss(images, texts, tf.scalar(3), x as tf.Scalar);
  expect(tf.grad(ofImages)(images).dataSync()).toBeAllClose(finiteDifferences(ofImages, images), 1e-3);
  expect(tf.grad(ofBias)(tf.scalar(-1)).dataSync()).toBeAllClose(finiteDifferences(ofBias, tf.scalar(-1)), 1e-3);
});

it('leaves no tensor behind', () => {
  const rows = tf.ones<tf.Rank.R2>([2, 2]);
  const scalar = tf.scalar(1);
  expect(leakedTensors(() => siglipLoss(rows, rows, scalar, scalar))).toBe(0);
});
