import * as tf from '@tensorflow/tfjs';

import { clipLoss } from './clip-loss.ts';
import type { HingeConfig } from './config.ts';
import { hardestNegative, negativePairs } from './negatives.ts';
import { squaredHinge } from './squared-hinge.ts';

/** InfoNCE and a margin between the match and the hardest negative, both ways: + λ · mean max(0, m − s_ii + max s_ij)².
 * The hinge is that of VSE++, squared; unlike `lowclipDistance` it compares with the match instead of a fixed distance.
 * @param images - [batch, dim], unit rows.  @param texts - [batch, dim], unit rows.  @param logitScale - scalar.
 * @param matches - [batch, batch], float32, 1 where a pair belongs together and is no negative.
 * @param weights - [batch], positive, how much each pair counts; without them all count alike.
 * @returns scalar, nats.  @throws {ShapeError} if the shapes differ.
 * @see Faghri et al. 2018, equation 6 — https://arxiv.org/abs/1707.05612 */
export function lowclipMargin(
  images: tf.Tensor2D,
  texts: tf.Tensor2D,
  logitScale: tf.Scalar,
  { margin, weight }: HingeConfig,
  matches?: tf.Tensor2D,
  weights?: tf.Tensor1D,
): tf.Scalar {
  return tf.tidy(() => {
    const contrast = clipLoss(images, texts, logitScale, weights);
    const similarities = tf.matMul<tf.Tensor2D>(images, texts, false, true); // [batch, batch]
    const matching = tf.sum(tf.mul(images, texts), 1); // [batch]
    const negatives = negativePairs(images.shape[0], matches);
    const lead = tf.sub(matching, margin); // what the hardest negative may have at most
    const hinge = (axis: 0 | 1): tf.Scalar =>
      squaredHinge(tf.sub(hardestNegative(similarities, negatives, axis), lead), weights);
    return tf.add<tf.Scalar>(contrast, tf.mul(tf.add(hinge(1), hinge(0)), weight / 2));
  });
}
