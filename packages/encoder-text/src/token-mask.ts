import * as tf from '@tensorflow/tfjs';

/** Far below any attention score, so that its softmax is exactly 0 in float32. */
const forbidden = -1e9;

/** What is added to scores so that a softmax passes over padding.
 * @param mask - [batch, items], 1 where an item stands.  @returns [batch, items]: 0 there, −1e9 elsewhere. */
export const maskBias = (mask: tf.Tensor2D): tf.Tensor2D =>
  tf.tidy(() => tf.mul<tf.Tensor2D>(tf.sub(1, mask), forbidden));

/** Mean of the items that stand; zeros where none does.
 * @param x - [batch, items, dim].  @param mask - [batch, items], weights of the items.  @returns [batch, dim]. */
export const maskedMean = (x: tf.Tensor3D, mask: tf.Tensor2D): tf.Tensor2D =>
  tf.tidy(() => {
    const total = tf.squeeze<tf.Tensor2D>(tf.matMul(tf.expandDims(mask, 1), x), [1]); // [batch, dim]
    return tf.div<tf.Tensor2D>(total, tf.maximum(tf.sum(mask, 1, true), 1e-6));
  });
