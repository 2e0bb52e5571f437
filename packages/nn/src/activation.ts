import * as tf from '@tensorflow/tfjs';

/** Activation functions by the name that configs use. */
export type Activation = 'relu' | 'gelu' | 'gelu_tanh' | 'silu' | 'hardswish' | 'relu6' | 'tanh' | 'identity';

/** Gaussian error linear unit, exact: x · Φ(x).
 * @see Hendrycks, Gimpel 2016, equation 1 — https://arxiv.org/abs/1606.08415 */
export const gelu = (x: tf.Tensor): tf.Tensor =>
  tf.tidy(() => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)));

const functions: Readonly<Record<Activation, (x: tf.Tensor) => tf.Tensor>> = {
  relu: tf.relu,
  relu6: (x) => tf.clipByValue(x, 0, 6),
  gelu,
  gelu_tanh: (x) =>
    tf.tidy(() => {
      const inner = tf.mul(tf.add(x, tf.mul(tf.mul(tf.square(x), x), 0.044715)), Math.sqrt(2 / Math.PI));
      return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
    }),
  silu: (x) => tf.tidy(() => tf.mul(x, tf.sigmoid(x))),
  hardswish: (x) => tf.tidy(() => tf.mul(x, tf.mul(tf.clipByValue(tf.add(x, 3), 0, 6), 1 / 6))),
  tanh: tf.tanh,
  identity: (x) => x,
};

/** Applies the activation called `name` to `x`, entry by entry. */
export const activate = (name: Activation, x: tf.Tensor): tf.Tensor => functions[name](x);
