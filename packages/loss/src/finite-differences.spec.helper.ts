import * as tf from '@tensorflow/tfjs';

/** Gradient of `f` at `x` by central differences, entry by entry.
 * @param f - a scalar function.  @param x - any shape.  @param step - the half width of a difference.
 * @returns the gradient, row-major. */
export function finiteDifferences(f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor, step = 1e-2): number[] {
  const values = Array.from(x.dataSync());
  const at = (index: number, change: number): number =>
    tf.tidy(
      () =>
        f(
          tf.tensor(
            values.map((v, i) => (i === index ? v + change : v)),
            x.shape,
          ),
        ).dataSync()[0] ?? NaN,
    );
  return values.map((_, i) => (at(i, step) - at(i, -step)) / (2 * step));
}

/** Number of tensors that `f` leaves behind beside its result. */
export function leakedTensors(f: () => tf.Tensor): number {
  const before = tf.memory().numTensors;
  f().dispose();
  return tf.memory().numTensors - before;
}
