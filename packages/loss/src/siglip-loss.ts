import { assertShape } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { weightedMean } from './weighted-mean.ts';

/** Pairwise sigmoid loss: every image–text pair is a yes-or-no question of its own, so no softmax joins the batch.
 * With softplus(z) − softplus(−z) = z, Σ log(1 + e^(∓z)) is Σ softplus(z) − Σ of the matching z: no table of signs is built.
 * @param images - [batch, dim], unit rows.  @param texts - [batch, dim], unit rows.
 * @param logitScale - scalar.  @param logitBias - scalar; −10 at first, since nearly all pairs do not match.
 * @param weights - [batch], positive; a question of image i and text j counts (wᵢ + wⱼ) / 2, all over Σ w.
 * @returns scalar, nats an image: summed over all pairs, divided by the batch.
 * @throws {ShapeError} if the shapes differ.
 * @see Zhai et al. 2023, algorithm 1 — https://arxiv.org/abs/2303.15343 */
export function siglipLoss(
  images: tf.Tensor2D,
  texts: tf.Tensor2D,
  logitScale: tf.Scalar,
  logitBias: tf.Scalar,
  weights?: tf.Tensor1D,
): tf.Scalar {
  assertShape('texts', texts.shape, images.shape);
  return tf.tidy(() => {
    const scaled = tf.mul(images, logitScale);
    const logits = tf.add(tf.matMul(scaled, texts, false, true), logitBias); // [batch, batch]
    const matching = tf.add(tf.sum(tf.mul(scaled, texts), 1), logitBias); // [batch]
    if (weights) {
      const answers = tf.softplus(logits);
      const byImageAndText = tf.mul(tf.add(tf.sum(answers, 1), tf.sum(answers, 0)), 0.5); // [batch]
      return weightedMean(tf.sub(byImageAndText, matching), weights);
    }
    return tf.div<tf.Scalar>(tf.sub(tf.sum(tf.softplus(logits)), tf.sum(matching)), images.shape[0]);
  });
}
