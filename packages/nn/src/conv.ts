import type { Random } from '@azclip/base';
import * as tf from '@tensorflow/tfjs';

import { normalTensor } from './init.ts';

/** Parameters of a convolution. */
export interface ConvParams {
  /** [height, width, in, out]; of a depthwise convolution [height, width, channels, 1]. */
  readonly filter: tf.Tensor4D;
  /** [out]; absent where a normalisation follows. */
  readonly bias?: tf.Tensor1D;
}

/** How a filter moves over the image. */
export interface ConvOptions {
  /** Pixels a step, both ways; default 1. */
  readonly stride?: number;
  /** Zeros on every side, or [before, after] both ways; default half the kernel, so that stride 1 keeps the size. */
  readonly padding?: number | readonly [number, number];
}

/** Cross-correlation with padding as PyTorch counts it: equal on both sides, whatever the stride.
 * @param x - [batch, height, width, in].  @returns [batch, height', width', out]. */
export function conv2d(params: ConvParams, x: tf.Tensor4D, options: ConvOptions = {}): tf.Tensor4D {
  return tf.tidy(() => {
    const { filter } = params;
    return withBias(tf.conv2d(x, filter, options.stride ?? 1, explicitPadding(filter, options.padding)), params.bias);
  });
}

/** One filter a channel: channel i of the output sees channel i of the input alone.
 * @param x - [batch, height, width, channels].  @returns [batch, height', width', channels]. */
export function depthwiseConv2d(params: ConvParams, x: tf.Tensor4D, options: ConvOptions = {}): tf.Tensor4D {
  return tf.tidy(() => {
    const { filter } = params;
    const padding = explicitPadding(filter, options.padding);
    return withBias(tf.depthwiseConv2d(x, filter, options.stride ?? 1, padding), params.bias);
  });
}

/** Filter of normal numbers, variance 2 / (height · width · out), so that a rectified network keeps its gradients' size.
 * @param kernel - [height, width].
 * @see He et al. 2015, equation 14 — https://arxiv.org/abs/1502.01852 */
export function initFilter(
  [height, width]: readonly [number, number],
  inChannels: number,
  outChannels: number,
  random: Random,
): tf.Tensor4D {
  const std = Math.sqrt(2 / (height * width * outChannels));
  return normalTensor<tf.Rank.R4>([height, width, inChannels, outChannels], std, random);
}

type Padding = [[number, number], [number, number], [number, number], [number, number]];

function explicitPadding(filter: tf.Tensor4D, padding: ConvOptions['padding']): 'valid' | Padding {
  const [height, width] = filter.shape;
  const both = typeof padding === 'number' ? [padding, padding] : padding;
  const [top, bottom] = both ?? [(height - 1) >> 1, (height - 1) >> 1];
  const [left, right] = both ?? [(width - 1) >> 1, (width - 1) >> 1];
  if (top + bottom + left + right === 0) return 'valid';
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}

const withBias = (x: tf.Tensor4D, bias: tf.Tensor1D | undefined): tf.Tensor4D => (bias ? tf.add(x, bias) : x);
