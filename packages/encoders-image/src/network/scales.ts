import type { Mode } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

/** The image averaged down by each divisor. @param pixels - [batch, size, size, 3]. */
export const atScales = (pixels: tf.Tensor4D, divisors: readonly number[]): readonly tf.Tensor4D[] =>
  divisors.map((divisor) => (divisor === 1 ? pixels : tf.avgPool(pixels, divisor, divisor, 'valid')));

/** Runs `forward` once for each scale. Running statistics move by the mean over the scales: each norm serves them all.
 * @param forward - is handed the mode to run in. */
export function acrossScales<T>(scales: readonly T[], mode: Mode, forward: (scale: T, mode: Mode) => tf.Tensor2D) {
  if (!mode.training) return scales.map((scale) => forward(scale, mode));
  const updates = new Map<tf.Tensor, tf.Tensor[]>();
  const updateBuffer = (buffer: tf.Tensor, updated: tf.Tensor): void => {
    updates.set(buffer, [...(updates.get(buffer) ?? []), tf.keep(updated)]);
  };
  const features = scales.map((scale) => forward(scale, { ...mode, updateBuffer }));
  for (const [buffer, all] of updates) {
    mode.updateBuffer(buffer, tf.mul(tf.addN(all), 1 / all.length));
    tf.dispose(all);
  }
  return features;
}
