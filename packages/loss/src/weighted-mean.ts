import * as tf from '@tensorflow/tfjs';

/** Mean of one value a row.
 * @param values - `batch` numbers in any shape.  @param weights - [batch], positive: Σ wx / Σ w; without them all rows count alike.
 * @returns scalar. */
export const weightedMean = (values: tf.Tensor, weights?: tf.Tensor1D): tf.Scalar =>
  weights
    ? tf.tidy(() => tf.div<tf.Scalar>(tf.sum(tf.mul(tf.reshape(values, [-1]), weights)), tf.sum(weights)))
    : tf.mean<tf.Scalar>(values);
