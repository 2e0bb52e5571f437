import type { Random } from '@azclip/base';
import * as tf from '@tensorflow/tfjs';

import { batchNorm, foldedNorm, initBatchNorm, type BatchNormOptions, type BatchNormParams } from './batch-norm.ts';
import { conv2d, depthwiseConv2d, initFilter, type ConvOptions } from './conv.ts';
import type { Mode } from './mode.ts';

/** Parameters of a convolution without bias and the batch norm behind it. */
export interface ConvNormParams {
  /** [height, width, in, out]; of a depthwise convolution [height, width, channels, 1]. */
  readonly filter: tf.Tensor4D;
  readonly norm: BatchNormParams;
}

/** How the filter moves, whether it is one a channel, and the constants of the norm. */
export interface ConvNormOptions extends ConvOptions, BatchNormOptions {
  /** One filter a channel; default false. */
  readonly depthwise?: boolean;
}

/** Convolution, then batch norm. In evaluation both are one convolution with a bias: the norm is folded into the filter,
 * which costs a product the size of the filter instead of one the size of the image (and nothing in an exported graph).
 * @param x - [batch, height, width, in].  @returns [batch, height', width', out]. */
export function convNorm(params: ConvNormParams, x: tf.Tensor4D, mode: Mode, options: ConvNormOptions = {}) {
  return tf.tidy((): tf.Tensor4D => {
    const { depthwise = false } = options;
    const convolve = depthwise ? depthwiseConv2d : conv2d;
    if (mode.training) return batchNorm(params.norm, convolve({ filter: params.filter }, x, options), mode, options);
    const { scale, shift } = foldedNorm(params.norm, options);
    const perFilter = depthwise ? tf.reshape(scale, [-1, 1]) : scale; // [channels, 1] or [out]
    return convolve({ filter: tf.mul(params.filter, perFilter), bias: shift }, x, options);
  });
}

/** Square filter after He et al., norm as the identity.
 * @param channels - [in, out]; of a depthwise convolution [channels, 1]. */
export function initConvNorm(
  kernel: number,
  [inChannels, outChannels]: readonly [number, number],
  random: Random,
  options: { readonly depthwise?: boolean } = {},
): ConvNormParams {
  return {
    filter: initFilter([kernel, kernel], inChannels, outChannels, random),
    norm: initBatchNorm(options.depthwise ? inChannels : outChannels),
  };
}
