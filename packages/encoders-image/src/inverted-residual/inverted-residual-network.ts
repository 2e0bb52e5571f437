import type { Random } from '@azclip/base';
import {
  activate,
  convNorm,
  globalAveragePool,
  initConvNorm,
  initLinear,
  linear,
  type Activation,
  type ConvNormParams,
  type LinearParams,
} from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import type { FeaturePooling } from '../named-config.ts';
import { readout, stage, type Network, type Stage } from '../network/network.ts';
import { pooledReadout } from '../network/pooled.ts';
import { initBlock, invertedResidual, type BlockConstants, type BlockForm, type BlockParams } from './block.ts';
import { strided } from './padding.ts';

/** The form of a network of inverted residual blocks. */
export interface InvertedResidualForm {
  /** Channels of the first convolution, 3 × 3 of stride 2. */
  readonly stem: number;
  readonly stages: readonly (readonly BlockForm[])[];
  /** Channels of the last convolution, 1 × 1. */
  readonly last: number;
  /** Activation of the first and the last convolution. */
  readonly activation: Activation;
  /** Width of a linear map behind the average, activated likewise; absent where features are the average. */
  readonly hidden?: number;
  readonly constants: BlockConstants;
  /** Probability of stochastic depth behind the last block; it grows from 0 at the first. */
  readonly stochasticDepth: number;
}

/** Stem, stages of inverted residual blocks, a last 1 × 1 convolution. */
export function invertedResidualNetwork(form: InvertedResidualForm, pooling: FeaturePooling): Network {
  const total = form.stages.flat().length;
  let inChannels = form.stem;
  let reached = 0;
  const stages = form.stages.map((blocks, i) => {
    const rates = blocks.map((_, j) => (form.stochasticDepth * (reached + j)) / total);
    const made = blockStage(`stage${String(i + 1)}`, { inChannels, blocks, rates, constants: form.constants });
    inChannels = made.channels;
    reached += blocks.length;
    return made;
  });
  return {
    stages: [convStage('stem', 3, form.stem, form), ...stages, convStage('last', inChannels, form.last, form)],
    readout: form.hidden === undefined ? pooledReadout(pooling, form.last) : hiddenReadout(form, form.hidden),
  };
}

/** The stem (3 × 3, stride 2) or the last convolution (1 × 1). */
function convStage(name: 'stem' | 'last', inChannels: number, channels: number, form: InvertedResidualForm): Stage {
  const { norm, padding } = form.constants;
  const [kernel, stride] = name === 'stem' ? [3, 2] : [1, 1];
  return stage(name, channels, {
    init: (random) => initConvNorm(kernel, [inChannels, channels], random),
    apply: (params: ConvNormParams, x: tf.Tensor4D, mode) =>
      tf.tidy(() => {
        const steps = strided(stride, kernel, x.shape[1], padding);
        return activate(form.activation, convNorm(params, x, mode, { ...norm, ...steps }));
      }),
  });
}

interface BlockStageForm {
  readonly inChannels: number;
  readonly blocks: readonly BlockForm[];
  readonly rates: readonly number[];
  readonly constants: BlockConstants;
}

function blockStage(name: string, { inChannels, blocks, rates, constants }: BlockStageForm): Stage {
  const channelsBefore = (i: number): number => blocks[i - 1]?.channels ?? inChannels;
  return stage(name, channelsBefore(blocks.length), {
    init: (random: Random) => blocks.map((form, i) => initBlock(channelsBefore(i), form, random.fork(i))),
    apply: (params: readonly BlockParams[], x: tf.Tensor4D, mode) =>
      tf.tidy(() =>
        blocks.reduce(
          (y, form, i) =>
            invertedResidual(params[i] as BlockParams, y, { form, constants, dropRate: rates[i] ?? 0, mode }),
          x,
        ),
      ),
  });
}

const hiddenReadout = ({ last, activation }: InvertedResidualForm, hidden: number) =>
  readout(
    { featureDim: hidden, grid: undefined },
    {
      init: (random) => ({ hidden: initLinear(last, hidden, random) }),
      apply: (params: { readonly hidden: LinearParams }, x: tf.Tensor4D) =>
        tf.tidy(() => activate(activation, linear(params.hidden, globalAveragePool(x))) as tf.Tensor2D),
    },
  );
