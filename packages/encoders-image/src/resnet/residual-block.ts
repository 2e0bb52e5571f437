import type { Random } from '@azclip/base';
import { convNorm, initConvNorm, type ConvNormParams, type Mode } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

/** Parameters of a residual block. */
export interface ResidualBlockParams {
  /** Two 3 × 3 convolutions (`basic`), or 1 × 1, 3 × 3, 1 × 1 (`bottleneck`). */
  readonly units: readonly ConvNormParams[];
  /** 1 × 1 convolution of the input, where the block changes its shape. */
  readonly shortcut?: ConvNormParams;
}

/** The two kinds of residual block. */
export type BlockKind = 'basic' | 'bottleneck';

/** Channels that leave a block of `width`: a bottleneck widens by 4 behind its 3 × 3 convolution. */
export const blockChannels = (kind: BlockKind, width: number): number => (kind === 'basic' ? width : 4 * width);

/** The input, plus what the convolutions make of it, rectified. The 3 × 3 convolution that comes first carries the stride.
 * @param x - [batch, side, side, in].  @returns [batch, side / stride, side / stride, blockChannels].
 * @see He et al. 2016, figure 5 — https://arxiv.org/abs/1512.03385; the stride in the bottleneck as torchvision has it. */
export function residualBlock(params: ResidualBlockParams, x: tf.Tensor4D, stride: number, mode: Mode): tf.Tensor4D {
  return tf.tidy(() => {
    const { units, shortcut } = params;
    const strided = units.findIndex(({ filter }) => filter.shape[0] > 1);
    let branch = x;
    for (const [i, unit] of units.entries()) {
      branch = convNorm(unit, i === 0 ? branch : tf.relu(branch), mode, { stride: i === strided ? stride : 1 });
    }
    return tf.relu(tf.add(branch, shortcut ? convNorm(shortcut, x, mode, { stride }) : x));
  });
}

/** Filters after He et al., norms as the identity. */
export function initResidualBlock(
  kind: BlockKind,
  { inChannels, width, stride }: { readonly inChannels: number; readonly width: number; readonly stride: number },
  random: Random,
): ResidualBlockParams {
  const outChannels = blockChannels(kind, width);
  const unit = (kernel: number, from: number, to: number, label: string): ConvNormParams =>
    initConvNorm(kernel, [from, to], random.fork(label));
  const units =
    kind === 'basic'
      ? [unit(3, inChannels, width, 'unit0'), unit(3, width, width, 'unit1')]
      : [unit(1, inChannels, width, 'unit0'), unit(3, width, width, 'unit1'), unit(1, width, outChannels, 'unit2')];
  const reshapes = stride !== 1 || inChannels !== outChannels;
  return reshapes ? { units, shortcut: unit(1, inChannels, outChannels, 'shortcut') } : { units };
}
