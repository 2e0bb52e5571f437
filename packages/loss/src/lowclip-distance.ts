import * as tf from '@tensorflow/tfjs';

import { clipLoss } from './clip-loss.ts';
import type { HingeConfig } from './config.ts';
import { hardestNegative, negativePairs } from './negatives.ts';
import { squaredHinge } from './squared-hinge.ts';

/** The paper's loss read so that it makes sense: similarity as distance in the second term, which then pushes the nearest wrong
 * text out of the margin. InfoNCE + λ · mean max(0, m − min d)², d = 1 − cosine, over the wrong texts of each image.
 * @param images - [batch, dim], unit rows.  @param texts - [batch, dim], unit rows.  @param logitScale - scalar.
 * @param matches - [batch, batch], float32, 1 where a pair belongs together and is no negative.
 * @param weights - [batch], positive, how much each pair counts; without them all count alike.
 * @returns scalar, nats.  @throws {ShapeError} if the shapes differ. */
export function lowclipDistance(
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
    const nearest = tf.sub(1, hardestNegative(similarities, negativePairs(images.shape[0], matches), 1)); // [batch]
    return tf.add<tf.Scalar>(contrast, tf.mul(squaredHinge(tf.sub(margin, nearest), weights), weight));
  });
}
