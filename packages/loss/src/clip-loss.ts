import { assertShape } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { logSumExp } from './log-sum-exp.ts';
import { weightedMean } from './weighted-mean.ts';

/** Symmetric InfoNCE: row i of `images` matches row i of `texts`, every other row of the batch is a negative.
 * The matching logits are row sums of a product: no [batch, batch] table of ones is built.
 * @param images - [batch, dim], unit rows.  @param texts - [batch, dim], unit rows.
 * @param logitScale - scalar, 1 / temperature.
 * @param weights - [batch], positive, how much each pair counts; without them all count alike.
 * @returns scalar, nats: ln(batch) when nothing is told apart.
 * @throws {ShapeError} if the shapes differ.
 * @see Radford et al. 2021, figure 3 — https://arxiv.org/abs/2103.00020 */
export function clipLoss(
  images: tf.Tensor2D,
  texts: tf.Tensor2D,
  logitScale: tf.Scalar,
  weights?: tf.Tensor1D,
): tf.Scalar {
  assertShape('texts', texts.shape, images.shape);
  return tf.tidy(() => {
    const scaled = tf.mul(images, logitScale);
    const logits = tf.matMul<tf.Tensor2D>(scaled, texts, false, true); // [batch, batch], image by text
    const matching = tf.sum(tf.mul(scaled, texts), 1); // [batch]
    const bothWays = tf.add(weightedMean(logSumExp(logits, 1), weights), weightedMean(logSumExp(logits, 0), weights));
    return tf.sub<tf.Scalar>(tf.mul(bothWays, 0.5), weightedMean(matching, weights));
  });
}
