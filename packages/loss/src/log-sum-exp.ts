import * as tf from '@tensorflow/tfjs';

/** log Σ exp(x) along one axis, safe for any finite `x`: the maximum is taken out before the exponential.
 * Its gradient is the softmax, computed from the stored result; TF.js's own `logSumExp` differentiates through the maximum.
 * @param x - any shape.  @param axis - the axis to sum over; it stays with size 1.
 * @returns the shape of `x` with `axis` of size 1. */
export function logSumExp(x: tf.Tensor, axis: number): tf.Tensor {
  const compute = tf.customGrad((input, save) => {
    const values = input as tf.Tensor;
    const result = tf.tidy(() => {
      const top = tf.max(values, axis, true);
      return tf.add(top, tf.log(tf.sum(tf.exp(tf.sub(values, top)), axis, true)));
    });
    (save as tf.GradSaveFunc)([values, result]);
    return {
      value: result,
      gradFunc: (dy: tf.Tensor, [from, sum]: tf.Tensor[]) =>
        tf.tidy(() => tf.mul(dy, tf.exp(tf.sub(from as tf.Tensor, sum as tf.Tensor)))),
    };
  });
  return compute(x);
}
