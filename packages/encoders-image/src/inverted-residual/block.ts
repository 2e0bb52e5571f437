import type { Random } from '@azclip/base';
import {
  activate,
  convNorm,
  dropPath,
  initConvNorm,
  initSqueezeExcitation,
  squeezeExcitation,
  type Activation,
  type BatchNormOptions,
  type ConvNormParams,
  type Gate,
  type Mode,
  type SqueezeExcitationParams,
} from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { strided, type PaddingStyle } from './padding.ts';

/** Parameters of an inverted residual block. */
export interface BlockParams {
  /** 1 × 1, in → expanded; absent where the block does not widen. */
  readonly expand?: ConvNormParams;
  /** One filter a channel. */
  readonly depthwise: ConvNormParams;
  readonly excite?: SqueezeExcitationParams;
  /** 1 × 1, expanded → out. */
  readonly project: ConvNormParams;
}

/** The form of one block. */
export interface BlockForm {
  readonly kernel: number;
  readonly stride: number;
  /** Channels of the depthwise convolution. */
  readonly expanded: number;
  readonly channels: number;
  /** Channels that squeeze-and-excitation reduces to; 0 for none. */
  readonly squeezed: number;
  readonly activation: Activation;
}

/** What all blocks of a network share. */
export interface BlockConstants {
  readonly norm: BatchNormOptions;
  readonly padding: PaddingStyle;
  /** Activation between the two maps of squeeze-and-excitation, and its gate. */
  readonly squeeze: { readonly activation: Activation; readonly gate: Gate };
}

/** Widens by a 1 × 1 convolution, filters channel by channel, gates, narrows without activation; plus the input where
 * the shapes agree, and then stochastic depth may drop all but the input.
 * @param x - [batch, side, side, in].  @returns [batch, side / stride, side / stride, channels].
 * @see Sandler et al. 2018, section 3 — https://arxiv.org/abs/1801.04381 */
export function invertedResidual(
  params: BlockParams,
  x: tf.Tensor4D,
  { form, constants, dropRate, mode }: InvertedResidualOptions,
): tf.Tensor4D {
  return tf.tidy(() => {
    const { expand, depthwise, excite, project } = params;
    const { norm, squeeze } = constants;
    const act = (y: tf.Tensor4D): tf.Tensor4D => activate(form.activation, y) as tf.Tensor4D;
    const wide = expand ? act(convNorm(expand, x, mode, norm)) : x;
    const steps = strided(form.stride, form.kernel, x.shape[1], constants.padding);
    const filtered = act(convNorm(depthwise, wide, mode, { ...norm, ...steps, depthwise: true }));
    const gated = excite ? squeezeExcitation(excite, filtered, squeeze) : filtered;
    const narrow = convNorm(project, gated, mode, norm);
    const residual = form.stride === 1 && x.shape[3] === form.channels;
    return residual ? tf.add(dropPath(narrow, dropRate, mode), x) : narrow;
  });
}

/** What a block needs beside parameters and input. */
export interface InvertedResidualOptions {
  readonly form: BlockForm;
  readonly constants: BlockConstants;
  /** Probability that stochastic depth drops the branch. */
  readonly dropRate: number;
  readonly mode: Mode;
}

/** Filters after He et al., norms as the identity. */
export function initBlock(inChannels: number, form: BlockForm, random: Random): BlockParams {
  const { kernel, expanded, channels, squeezed } = form;
  return {
    ...(expanded === inChannels ? {} : { expand: initConvNorm(1, [inChannels, expanded], random.fork('expand')) }),
    depthwise: initConvNorm(kernel, [expanded, 1], random.fork('depthwise'), { depthwise: true }),
    ...(squeezed > 0 ? { excite: initSqueezeExcitation(expanded, squeezed, random.fork('excite')) } : {}),
    project: initConvNorm(1, [expanded, channels], random.fork('project')),
  };
}
