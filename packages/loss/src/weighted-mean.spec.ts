import * as tf from '@tensorflow/tfjs';

import { clipLoss } from './clip-loss.ts';
import { lossConfig, type LossConfig } from './config.ts';
import { contrastiveLoss, initLossParams, type LossParams } from './contrastive-loss.ts';
import { finiteDifferences, leakedTensors } from './finite-differences.spec.helper.ts';
import { siglipLoss } from './siglip-loss.ts';
import { weightedMean } from './weighted-mean.ts';

const names = ['clip', 'siglip', 'multi-positive', 'lowclip-as-written', 'lowclip-distance', 'lowclip-margin'] as const;
const images = tf.tensor2d([0.6, -0.8, 0.28, 0.96, 1, 0], [3, 2]);
const texts = tf.tensor2d([0.8, 0.6, -0.6, 0.8, 0.96, 0.28], [3, 2]);
const matches = tf.tensor2d([1, 0, 1, 0, 1, 0, 1, 0, 1], [3, 3]);

const configs = Object.fromEntries(names.map((name) => [name, lossConfig.parse({ name })]));
const params = Object.fromEntries(names.map((name) => [name, initLossParams(lossConfig.parse({ name }))]));

const lossOf = (name: (typeof names)[number], weights?: tf.Tensor1D, given: tf.Tensor2D = texts): tf.Scalar => {
  return contrastiveLoss(configs[name] as LossConfig, params[name] as LossParams, {
    images,
    texts: given,
    matches,
    weights,
  });
};

it('is Σ wx / Σ w', () => {
  expect(weightedMean(tf.tensor2d([[1], [5]]), tf.tensor1d([3, 1])).dataSync()[0]).toBe(2); // (3·1 + 1·5) / 4
  expect(weightedMean(tf.tensor1d([1, 5])).dataSync()[0]).toBe(3);
});

it("moves the texts of InfoNCE by hand arithmetic's gradient", () => {
  // all logits 0: softmax ½ both ways, so the slope by logit (i, j) is ½ (wᵢ ½ + wⱼ ½) / Σ w, less wᵢ / Σ w on the diagonal;
  // w = 3, 1: (0, 0) 3/8 − 3/4, (0, 1) and (1, 0) 1/4, (1, 1) 1/8 − 1/4; images are unit axes, so text j gets column j
  const gradient = tf.grad((x) => clipLoss(tf.eye(2), x as tf.Tensor2D, tf.scalar(1), tf.tensor1d([3, 1])))(
    tf.zeros([2, 2]),
  );
  expect(gradient.dataSync()).toBeAllClose([-3 / 8, 1 / 4, 1 / 4, -1 / 8]);
});

it('counts a question of the sigmoid loss by the mean of its two weights', () => {
  // logits 0: every answer ln 2; Σᵢⱼ (wᵢ + wⱼ) / 2 = 2 Σ w for a batch of two → 2 ln 2, and no matching logit
  const loss = siglipLoss(tf.eye(2), tf.zeros([2, 2]), tf.scalar(1), tf.scalar(0), tf.tensor1d([3, 1]));
  expect(loss.dataSync()).toBeAllClose([2 * Math.log(2)]);
});

it.each(names)('%s is what it is without weights where all are alike, whatever their size', (name) => {
  expect(lossOf(name, tf.tensor1d([0.3, 0.3, 0.3])).dataSync()).toBeAllClose(lossOf(name).dataSync(), 1e-4);
});

it.each(names)('%s has the gradient of its weighed values, and leaves no tensor behind', (name) => {
  const weights = tf.tensor1d([1, 0.25, 0.5]);
  const loss = (x: tf.Tensor): tf.Scalar => lossOf(name, weights, x as tf.Tensor2D);
  expect(tf.grad(loss)(texts).dataSync()).toBeAllClose(finiteDifferences(loss, texts), 2e-2);
  expect(lossOf(name, weights).dataSync()[0]).not.toBeCloseTo(lossOf(name).dataSync()[0] ?? 0, 4);
  expect(leakedTensors(() => lossOf(name, weights))).toBe(0);
});
