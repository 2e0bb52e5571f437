import * as tf from '@tensorflow/tfjs';

/** Scales every row to unit L2 norm. A row of zeros stays zeros; its gradient is finite.
 * @param x - [batch, dim].  @returns [batch, dim]. */
export function l2Normalize(x: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => {
    const squared = tf.sum(tf.square(x), 1, true);
    return tf.mul<tf.Tensor2D>(x, tf.rsqrt(tf.maximum(squared, 1e-24))); // [batch, dim]
  });
}
