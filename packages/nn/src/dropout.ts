import * as tf from '@tensorflow/tfjs';

import type { Mode } from './mode.ts';

/** Inverted dropout: zeroes each entry with probability `rate` and scales the others by 1 / (1 − rate).
 * The identity outside training, and at rate 0.
 * @param x - any shape.  @param rate - in [0, 1).
 * @see Srivastava et al. 2014 — https://jmlr.org/papers/v15/srivastava14a.html */
export function dropout(x: tf.Tensor, rate: number, mode: Mode): tf.Tensor {
  if (!mode.training || rate === 0) return x;
  return tf.tidy(() => tf.mul(tf.mul(x, mode.keepMask(x.shape, 1 - rate)), 1 / (1 - rate)));
}

/** Stochastic depth, "row" mode: drops the whole residual branch of a sample with probability `rate`.
 * @param x - [batch, ...], a residual branch.  @param rate - in [0, 1).
 * @see Huang et al. 2016 — https://arxiv.org/abs/1603.09382 */
export function dropPath(x: tf.Tensor, rate: number, mode: Mode): tf.Tensor {
  if (!mode.training || rate === 0) return x;
  const perSample = x.shape.map((size, axis) => (axis === 0 ? size : 1));
  return tf.tidy(() => tf.mul(x, tf.mul(mode.keepMask(perSample, 1 - rate), 1 / (1 - rate))));
}
