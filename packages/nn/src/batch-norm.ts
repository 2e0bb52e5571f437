import * as tf from '@tensorflow/tfjs';

import type { Mode } from './mode.ts';

/** Parameters and running statistics of a batch norm, each [channels]. */
export interface BatchNormParams {
  /** [channels] */
  readonly scale: tf.Tensor1D;
  /** [channels] */
  readonly bias: tf.Tensor1D;
  /** [channels], a buffer: the mean that evaluation uses. */
  readonly runningMean: tf.Tensor1D;
  /** [channels], a buffer: the variance that evaluation uses. */
  readonly runningVar: tf.Tensor1D;
}

/** Constants of a batch norm. */
export interface BatchNormOptions {
  /** Added to the variance; default 1e-5. */
  readonly epsilon?: number;
  /** Weight of the newest batch in the running statistics; default 0.1. */
  readonly momentum?: number;
}

/** Normalises each channel over batch and place, then scales and shifts it. In training by the statistics of the batch,
 * and `mode.updateBuffer` is handed the running ones moved towards them (the variance unbiased); else by the stored ones.
 * @param x - [batch, height, width, channels].
 * @see Ioffe, Szegedy 2015, algorithms 1 and 2 — https://arxiv.org/abs/1502.03167 */
export function batchNorm(params: BatchNormParams, x: tf.Tensor4D, mode: Mode, options: BatchNormOptions = {}) {
  return tf.tidy((): tf.Tensor4D => {
    if (!mode.training) {
      const { scale, shift } = foldedNorm(params, options);
      return tf.add(tf.mul(x, scale), shift);
    }
    const mean = tf.mean<tf.Tensor1D>(x, [0, 1, 2]);
    const centred = tf.sub(x, mean);
    const variance = tf.mean<tf.Tensor1D>(tf.square(centred), [0, 1, 2]); // [channels]
    updateStatistics(params, mean, variance, x, mode, options.momentum ?? 0.1);
    const scale = tf.mul(params.scale, tf.rsqrt(tf.add(variance, options.epsilon ?? 1e-5)));
    return tf.add(tf.mul(centred, scale), params.bias);
  });
}

/** The affine map `x · scale + shift` that a batch norm is in evaluation; a convolution before it can take it up.
 * @returns [channels] each. */
export function foldedNorm(
  params: BatchNormParams,
  options: BatchNormOptions = {},
): { readonly scale: tf.Tensor1D; readonly shift: tf.Tensor1D } {
  return tf.tidy(() => {
    const scale = tf.mul<tf.Tensor1D>(params.scale, tf.rsqrt(tf.add(params.runningVar, options.epsilon ?? 1e-5)));
    return { scale, shift: tf.sub<tf.Tensor1D>(params.bias, tf.mul(params.runningMean, scale)) };
  });
}

/** Scale 1, bias 0, running mean 0 and variance 1. */
export const initBatchNorm = (channels: number): BatchNormParams => ({
  scale: tf.ones([channels]),
  bias: tf.zeros([channels]),
  runningMean: tf.zeros([channels]),
  runningVar: tf.ones([channels]),
});

function updateStatistics(
  { runningMean, runningVar }: BatchNormParams,
  mean: tf.Tensor1D,
  variance: tf.Tensor1D,
  x: tf.Tensor4D,
  mode: Extract<Mode, { training: true }>,
  momentum: number,
): void {
  const count = x.size / mean.size;
  const blend = (old: tf.Tensor, fresh: tf.Tensor, weight: number): tf.Tensor =>
    tf.add(tf.mul(old, 1 - momentum), tf.mul(fresh, weight));
  mode.updateBuffer(runningMean, blend(runningMean, mean, momentum));
  mode.updateBuffer(runningVar, blend(runningVar, variance, (momentum * count) / Math.max(count - 1, 1)));
}
