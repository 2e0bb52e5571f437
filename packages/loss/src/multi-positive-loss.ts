import { assertShape } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { logSumExp } from './log-sum-exp.ts';
import { offDiagonal, withoutPairs } from './negatives.ts';
import { weightedMean } from './weighted-mean.ts';

/** Symmetric InfoNCE for batches in which a text may fit several images: two captions of one image, or two captions that
 * say the same, are not negatives of each other.
 * @param images - [batch, dim], unit rows.  @param texts - [batch, dim], unit rows.  @param logitScale - scalar.
 * @param matches - [batch, batch], float32, 1 where image i and text j belong together, the diagonal included.
 * @param duplicates - `positive`: all matches are learned, each row the mean of their −log softmax. `ignore`: only the
 * row's own pair is learned, the other matches are left out of the softmax.
 * @param weights - [batch], positive, how much each pair counts; without them all count alike.
 * @returns scalar, nats; `clipLoss` where only the diagonal matches.  @throws {ShapeError} if shapes differ.
 * @see Khosla et al. 2020, equation 2 — https://arxiv.org/abs/2004.11362 */
export function multiPositiveLoss(
  images: tf.Tensor2D,
  texts: tf.Tensor2D,
  logitScale: tf.Scalar,
  matches: tf.Tensor2D,
  duplicates: 'positive' | 'ignore',
  weights?: tf.Tensor1D,
): tf.Scalar {
  const [batch] = images.shape;
  assertShape('texts', texts.shape, images.shape);
  assertShape('matches', matches.shape, [batch, batch]);
  return tf.tidy(() => {
    const scaled = tf.mul(images, logitScale);
    const logits = tf.matMul<tf.Tensor2D>(scaled, texts, false, true); // [batch, batch]
    if (duplicates === 'ignore') {
      const kept = withoutPairs(logits, tf.logicalAnd(offDiagonal(batch), tf.greater(matches, 0.5)));
      return tf.sub<tf.Scalar>(bothWays(kept, weights), weightedMean(tf.sum(tf.mul(scaled, texts), 1), weights));
    }
    const learned = tf.mul(logits, matches);
    const perWay = [1, 0].map((axis) => weightedMean(tf.div(tf.sum(learned, axis), tf.sum(matches, axis)), weights));
    return tf.sub<tf.Scalar>(bothWays(logits, weights), tf.mul(tf.addN(perWay), 0.5));
  });
}

/** Mean log Σ exp over rows and columns. */
const bothWays = (logits: tf.Tensor2D, weights?: tf.Tensor1D): tf.Tensor =>
  tf.mul(tf.add(weightedMean(logSumExp(logits, 1), weights), weightedMean(logSumExp(logits, 0), weights)), 0.5);
