import { assertShape } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import type { HingeConfig } from './config.ts';
import { logSumExp } from './log-sum-exp.ts';
import { easiestNegative, negativePairs } from './negatives.ts';
import { weightedMean } from './weighted-mean.ts';

/** The paper's loss, equation by equation as printed: −Σ (L1 + L2), L1 = log softmax of the matching text, L2 =
 * λ · max(0, m − M)², M the smallest similarity to another text. Kept to compare with; docs/losses.md shows what is wrong with it:
 * the minus sign rewards L2, on the easiest negative, from image to text alone, summed, without a temperature.
 * @param images - [batch, dim].  @param texts - [batch, dim]; similarities are their products as they come.
 * @param weights - [batch], positive, how much each pair counts, of a mean of 1 after division by theirs.
 * @returns scalar, nats, summed over the batch.  @throws {ShapeError} if the shapes differ.
 * @see docs/losses.md, equations (1) to (4) of the paper */
export function lowclipAsWritten(
  images: tf.Tensor2D,
  texts: tf.Tensor2D,
  { margin, weight }: HingeConfig,
  weights?: tf.Tensor1D,
): tf.Scalar {
  assertShape('texts', texts.shape, images.shape);
  return tf.tidy(() => {
    const similarities = tf.matMul<tf.Tensor2D>(images, texts, false, true); // [batch, batch]
    const matching = tf.sum(tf.mul(images, texts), 1); // [batch]
    const likelihood = tf.sub(matching, tf.reshape(logSumExp(similarities, 1), [-1]));
    const easiest = easiestNegative(similarities, negativePairs(images.shape[0]));
    const hinge = tf.mul(tf.square(tf.relu(tf.sub(margin, easiest))), weight);
    const rows = tf.add(likelihood, hinge);
    const total = weights ? tf.mul<tf.Scalar>(weightedMean(rows, weights), images.shape[0]) : tf.sum<tf.Scalar>(rows);
    return tf.neg<tf.Scalar>(total);
  });
}
