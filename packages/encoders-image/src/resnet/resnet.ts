import { convNorm, initConvNorm, type ConvNormParams } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import type { ResnetConfig } from '../config.ts';
import { stage, type Network, type Stage } from '../network/network.ts';
import { pooledReadout } from '../network/pooled.ts';
import {
  blockChannels,
  initResidualBlock,
  residualBlock,
  type BlockKind,
  type ResidualBlockParams,
} from './residual-block.ts';

/** The form of a residual network. */
export type ResnetForm = Pick<ResnetConfig, 'block' | 'stem' | 'widths' | 'depths' | 'pooling'>;

/** A residual network: a stem, then stages of residual blocks; each stage after the first halves the resolution.
 * @see He et al. 2016, section 3.3 — https://arxiv.org/abs/1512.03385 */
export function resnet({ block, stem, widths, depths, pooling }: ResnetForm): Network {
  const [first = 0] = widths;
  const stages = widths.map((width, i) => {
    const previous = widths[i - 1];
    const inChannels = previous === undefined ? first : blockChannels(block, previous);
    return blockStage(`stage${String(i + 1)}`, block, { inChannels, width, depth: depths[i] ?? 1, stride: i ? 2 : 1 });
  });
  const channels = blockChannels(block, widths[widths.length - 1] ?? first);
  return { stages: [stemStage(stem, first), ...stages], readout: pooledReadout(pooling, channels) };
}

const stemStage = ({ kernel, stride, maxPool }: ResnetForm['stem'], width: number): Stage =>
  stage('stem', width, {
    init: (random) => initConvNorm(kernel, [3, width], random),
    apply: (params: ConvNormParams, pixels: tf.Tensor4D, mode) =>
      tf.tidy(() => {
        const x = tf.relu(convNorm(params, pixels, mode, { stride }));
        return maxPool ? tf.maxPool(x, 3, 2, 1, 'floor') : x;
      }),
  });

interface BlockStageForm {
  readonly inChannels: number;
  readonly width: number;
  readonly depth: number;
  readonly stride: number;
}

const blockStage = (name: string, kind: BlockKind, form: BlockStageForm): Stage =>
  stage(name, blockChannels(kind, form.width), {
    init: (random) =>
      Array.from({ length: form.depth }, (_, i) =>
        initResidualBlock(
          kind,
          i === 0 ? form : { inChannels: blockChannels(kind, form.width), width: form.width, stride: 1 },
          random.fork(i),
        ),
      ),
    apply: (params: readonly ResidualBlockParams[], x: tf.Tensor4D, mode) =>
      tf.tidy(() => params.reduce((y, block, i) => residualBlock(block, y, i === 0 ? form.stride : 1, mode), x)),
  });
