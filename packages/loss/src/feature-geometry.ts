import { assertShape } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

/** How near matching features lie: the mean squared distance of a row of one to the same row of the other.
 * @param images - [batch, dim], unit rows.  @param texts - [batch, dim], unit rows.
 * @returns scalar in [0, 4]: 0 where they coincide, 2 where they are at right angles.
 * @throws {ShapeError} if the shapes differ.
 * @see Wang, Isola 2020, section 4.1, α = 2 — https://arxiv.org/abs/2005.10242 */
export function alignment(images: tf.Tensor2D, texts: tf.Tensor2D): tf.Scalar {
  assertShape('texts', texts.shape, images.shape);
  return tf.tidy(() => tf.mean<tf.Scalar>(tf.sum(tf.squaredDifference(images, texts), 1)));
}

/** How far features spread over the sphere: ln of the mean of e^(−2 ‖x − y‖²) over the pairs of rows.
 * @param features - [rows, dim], unit rows; two at least.
 * @returns scalar, nats: 0 where all are the same point, near −4 where they are at right angles, as in many dimensions they
 * are at best.
 * @see Wang, Isola 2020, section 4.1, t = 2 — https://arxiv.org/abs/2005.10242 */
export function uniformity(features: tf.Tensor2D): tf.Scalar {
  const [rows] = features.shape;
  return tf.tidy(() => {
    const cosines = tf.matMul(features, features, false, true); // [rows, rows]; ‖x − y‖² = 2 − 2 cos
    const both = tf.sum(tf.exp(tf.sub(tf.mul(cosines, 4), 4)));
    return tf.log<tf.Scalar>(tf.div(tf.sub(both, rows), rows * (rows - 1))); // without the rows beside themselves
  });
}
