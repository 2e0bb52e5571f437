import * as tf from '@tensorflow/tfjs';

/** Activation functions by the name that configs use. */
export type Activation = 'relu' | 'gelu' | 'gelu_tanh' | 'silu' | 'hardswish' | 'relu6' | 'tanh' | 'identity';

/** Gaussian error linear unit, exact: x · Φ(x). Its gradient keeps x / √2 and 2 Φ(x), and has fewer passes over memory than the
 * one that TF.js derives.
 * @see Hendrycks, Gimpel 2016, equation 1 — https://arxiv.org/abs/1606.08415 */
export function gelu(x: tf.Tensor): tf.Tensor {
  const compute = tf.customGrad((input, save) => {
    const argument = tf.div(input as tf.Tensor, Math.SQRT2);
    const doubled = tf.tidy(() => tf.add(tf.erf(argument), 1));
    (save as tf.GradSaveFunc)([argument, doubled]);
    return {
      value: tf.tidy(() => tf.mul(tf.mul(argument, doubled), Math.SQRT1_2)),
      gradFunc: (dy: tf.Tensor, [u, twicePhi]: tf.Tensor[]) =>
        tf.tidy(() => geluGradient(dy, u as tf.Tensor, twicePhi as tf.Tensor)),
    };
  });
  return tf.tidy(() => compute(x));
}

/** dy · (Φ(x) + x φ(x)) from u = x / √2: twice x φ(x) is u · exp(ln(2 / √π) − u²). */
function geluGradient(dy: tf.Tensor, u: tf.Tensor, twicePhi: tf.Tensor): tf.Tensor {
  const density = tf.exp(tf.sub(Math.log(2 / Math.sqrt(Math.PI)), tf.square(u)));
  return tf.mul(tf.mul(dy, tf.add(twicePhi, tf.mul(u, density))), 0.5);
}

/** x · clip(x + 3, 0, 6) / 6. Its gradient has no choice between two tensors, which ONNX Runtime makes on one thread.
 * @see Howard et al. 2019, section 5.2 — https://arxiv.org/abs/1905.02244 */
function hardswish(x: tf.Tensor): tf.Tensor {
  const gate = (of: tf.Tensor): tf.Tensor => tf.clipByValue(tf.add(of, 3), 0, 6);
  const compute = tf.customGrad((input, save) => {
    (save as tf.GradSaveFunc)([input as tf.Tensor]);
    return {
      value: tf.tidy(() => tf.mul(input as tf.Tensor, tf.mul(gate(input as tf.Tensor), 1 / 6))),
      gradFunc: (dy: tf.Tensor, [from]: tf.Tensor[]) =>
        tf.tidy(() => {
          const inside = tf.step(tf.sub(3, tf.abs(from as tf.Tensor))); // where the gate moves
          return tf.mul(tf.mul(dy, tf.add(gate(from as tf.Tensor), tf.mul(from as tf.Tensor, inside))), 1 / 6);
        }),
    };
  });
  return compute(x);
}

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
  hardswish,
  tanh: tf.tanh,
  identity: (x) => x,
};

/** Applies the activation called `name` to `x`, entry by entry. */
export const activate = (name: Activation, x: tf.Tensor): tf.Tensor => functions[name](x);
