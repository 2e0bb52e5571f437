import * as tf from '@tensorflow/tfjs';

/** Activation functions by the name that configs use. */
export type Activation = 'relu' | 'gelu' | 'gelu_tanh' | 'silu' | 'hardswish' | 'relu6' | 'tanh' | 'identity';

type Unary = (x: tf.Tensor) => tf.Tensor;

/** A function of a tensor whose gradient is not the one that TF.js would derive.
 * @param forward - its value, and what the gradient needs.  @param gradient - by x, from that by the value. */
const withGradient = (
  forward: (x: tf.Tensor) => { readonly value: tf.Tensor; readonly saved: readonly tf.Tensor[] },
  gradient: (dy: tf.Tensor, saved: readonly tf.Tensor[]) => tf.Tensor,
): Unary => {
  const compute = tf.customGrad((x, save) => {
    const { value, saved } = forward(x as tf.Tensor);
    (save as tf.GradSaveFunc)([...saved]);
    return { value, gradFunc: (dy: tf.Tensor, kept: tf.Tensor[]) => tf.tidy(() => gradient(dy, kept)) };
  });
  return (x) => tf.tidy(() => compute(x));
};

/** Gaussian error linear unit, exact: x · Φ(x). Its gradient, dy · (Φ(x) + x φ(x)), keeps u = x / √2 and 2 Φ(x), and has fewer
 * passes over memory than the one that TF.js derives: 2 x φ(x) is u · exp(ln(2 / √π) − u²).
 * @see Hendrycks, Gimpel 2016, equation 1 — https://arxiv.org/abs/1606.08415 */
export const gelu = withGradient(
  (x) => {
    const u = tf.div(x, Math.SQRT2);
    const twicePhi = tf.add(tf.erf(u), 1);
    return { value: tf.mul(tf.mul(u, twicePhi), Math.SQRT1_2), saved: [u, twicePhi] };
  },
  (dy, saved) => {
    const [u, twicePhi] = saved as [tf.Tensor, tf.Tensor];
    const density = tf.exp(tf.sub(Math.log(2 / Math.sqrt(Math.PI)), tf.square(u)));
    return tf.mul(tf.mul(dy, tf.add(twicePhi, tf.mul(u, density))), 0.5);
  },
);

const sixfoldGate: Unary = (x) => tf.clipByValue(tf.add(x, 3), 0, 6);

/** x · clip(x + 3, 0, 6) / 6. Its gradient has no choice between two tensors, which ONNX Runtime makes on one thread.
 * @see Howard et al. 2019, section 5.2 — https://arxiv.org/abs/1905.02244 */
const hardswish = withGradient(
  (x) => ({ value: tf.mul(x, tf.mul(sixfoldGate(x), 1 / 6)), saved: [x] }),
  (dy, saved) => {
    const [x] = saved as [tf.Tensor];
    const inside = tf.step(tf.sub(3, tf.abs(x))); // where the gate moves
    return tf.mul(tf.mul(dy, tf.add(sixfoldGate(x), tf.mul(x, inside))), 1 / 6);
  },
);

const functions: Readonly<Record<Activation, Unary>> = {
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
