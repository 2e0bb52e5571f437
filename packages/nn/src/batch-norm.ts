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
    const statistics = statisticsOf(x, options.epsilon ?? 1e-5);
    updateStatistics(params, statistics, x, mode, options.momentum ?? 0.1);
    return normalise(x, params, statistics);
  });
}

/** What training normalises by, each [channels], and x − mean. */
interface Statistics {
  readonly mean: tf.Tensor1D;
  readonly variance: tf.Tensor1D;
  /** 1 / √(variance + ε) */
  readonly inverse: tf.Tensor1D;
  readonly centred: tf.Tensor4D;
}

const places = [0, 1, 2];

function statisticsOf(x: tf.Tensor4D, epsilon: number): Statistics {
  const mean = tf.mean<tf.Tensor1D>(x, places);
  const centred = tf.sub<tf.Tensor4D>(x, mean);
  const variance = tf.mean<tf.Tensor1D>(tf.square(centred), places);
  return { mean, variance, centred, inverse: tf.rsqrt(tf.add(variance, epsilon)) };
}

/** (x − mean) · inverse · scale + bias. The gradient goes by that of the whole, statistics included, whose sums over batch and place are
 * those that the gradients of scale and bias need: dx = scale · inverse · (dy − mean(dy) − centred · inverse² · mean(dy · centred)). */
function normalise(x: tf.Tensor4D, params: BatchNormParams, { centred, inverse }: Statistics): tf.Tensor4D {
  const count = x.size / inverse.size;
  const compute = tf.customGrad((_input, scale, bias, save) => {
    (save as unknown as tf.GradSaveFunc)([centred, inverse, scale as tf.Tensor]);
    const factor = tf.mul(scale as tf.Tensor, inverse);
    return {
      value: tf.add<tf.Tensor4D>(tf.mul(centred, factor), bias as tf.Tensor),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => gradients(dy, saved as [tf.Tensor, tf.Tensor, tf.Tensor], count),
    };
  });
  return compute(x, params.scale, params.bias);
}

/** Gradients by x, scale and bias. @param count - entries of a channel. */
function gradients(dy: tf.Tensor, [centred, inverse, scale]: [tf.Tensor, tf.Tensor, tf.Tensor], count: number) {
  return tf.tidy((): tf.Tensor[] => {
    const sum = tf.sum(dy, places);
    const product = tf.sum(tf.mul(dy, centred), places);
    const slope = tf.mul(tf.mul(tf.square(inverse), product), 1 / count);
    const inner = tf.sub(tf.sub(dy, tf.mul(centred, slope)), tf.mul(sum, 1 / count));
    return [tf.mul(inner, tf.mul(scale, inverse)), tf.mul(product, inverse), sum];
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
  { mean, variance }: Statistics,
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
