import type { Random } from '@azclip/base';
import {
  conv2d,
  depthwiseConv2d,
  dropPath,
  gelu,
  initFilter,
  initLayerNorm,
  initLinear,
  layerNorm,
  linear,
  type ConvParams,
  type LayerNormParams,
  type LinearParams,
  type Mode,
} from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import type { FeaturePooling } from '../named-config.ts';
import { readout, stage, type Network, type Stage } from '../network/network.ts';
import { pool, pooledSize } from '../network/pooled.ts';

/** Epsilon of every norm. */
const epsilon = 1e-6;

/** The form of a ConvNeXt. */
export interface ConvnextForm {
  /** Channels of each stage. */
  readonly widths: readonly number[];
  /** Blocks of each stage. */
  readonly depths: readonly number[];
  /** Probability of stochastic depth at the last block; it grows from 0 at the first. */
  readonly stochasticDepth: number;
}

/** ConvNeXt: 4 × 4 patches, then stages; each after the first halves the resolution.
 * @see Liu et al. 2022 — https://arxiv.org/abs/2201.03545 */
export function convnext({ widths, depths, stochasticDepth }: ConvnextForm, pooling: FeaturePooling): Network {
  const total = depths.reduce((a, b) => a + b, 0);
  const [first = 0] = widths;
  const stages = widths.map((width, i) => {
    const before = depths.slice(0, i).reduce((a, b) => a + b, 0);
    const rates = Array.from(
      { length: depths[i] ?? 0 },
      (_, j) => (stochasticDepth * (before + j)) / Math.max(total - 1, 1),
    );
    return blockStage(`stage${String(i + 1)}`, { inChannels: widths[i - 1], width, rates });
  });
  const channels = widths[widths.length - 1] ?? first;
  return { stages: [stemStage(first), ...stages], readout: normedReadout(pooling, channels) };
}

interface PatchParams {
  readonly conv: ConvParams;
  readonly norm: LayerNormParams;
}

interface BlockParams {
  readonly depthwise: ConvParams;
  readonly norm: LayerNormParams;
  readonly up: LinearParams;
  readonly down: LinearParams;
  /** [channels] */
  readonly layerScale: tf.Tensor1D;
}

interface StageParams {
  readonly downsample?: PatchParams;
  readonly blocks: readonly BlockParams[];
}

const initPatches = (side: number, from: number, to: number, normed: number, random: Random): PatchParams => ({
  conv: { filter: initFilter([side, side], from, to, random), bias: tf.zeros([to]) },
  norm: initLayerNorm(normed),
});

const stemStage = (width: number): Stage =>
  stage('stem', width, {
    init: (random) => initPatches(4, 3, width, width, random),
    apply: ({ conv, norm }: PatchParams, pixels: tf.Tensor4D) =>
      tf.tidy(() => layerNorm(norm, conv2d(conv, pixels, { stride: 4, padding: 0 }), epsilon)),
  });

interface BlockStageForm {
  /** Channels of the stage before; absent for the first, which does not halve. */
  readonly inChannels: number | undefined;
  readonly width: number;
  readonly rates: readonly number[];
}

const blockStage = (name: string, { inChannels, width, rates }: BlockStageForm): Stage =>
  stage(name, width, {
    init: (random): StageParams => ({
      ...(inChannels === undefined
        ? {}
        : { downsample: initPatches(2, inChannels, width, inChannels, random.fork('downsample')) }),
      blocks: rates.map((_, i) => initBlock(width, random.fork(i))),
    }),
    apply: ({ downsample, blocks }: StageParams, x: tf.Tensor4D, mode) =>
      tf.tidy(() => {
        const start = downsample ? halved(downsample, x) : x;
        return blocks.reduce((y, params, i) => convnextBlock(params, y, rates[i] ?? 0, mode), start);
      }),
  });

const halved = ({ conv, norm }: PatchParams, x: tf.Tensor4D): tf.Tensor4D =>
  conv2d(conv, layerNorm(norm, x, epsilon) as tf.Tensor4D, { stride: 2, padding: 0 });

/** A 7 × 7 filter a channel, then a feed-forward layer in each place, scaled channel by channel, plus the input. */
function convnextBlock(params: BlockParams, x: tf.Tensor4D, dropRate: number, mode: Mode): tf.Tensor4D {
  return tf.tidy(() => {
    const normed = layerNorm(params.norm, depthwiseConv2d(params.depthwise, x), epsilon);
    const fed = linear(params.down, gelu(linear(params.up, normed)));
    return tf.add(x, dropPath(tf.mul(fed, params.layerScale), dropRate, mode));
  });
}

const initBlock = (width: number, random: Random): BlockParams => ({
  depthwise: { filter: initFilter([7, 7], width, 1, random.fork('depthwise')), bias: tf.zeros([width]) },
  norm: initLayerNorm(width),
  up: initLinear(width, 4 * width, random.fork('up')),
  down: initLinear(4 * width, width, random.fork('down')),
  layerScale: tf.fill([width], 1e-6), // "layer scale", section 2.6 of the paper
});

/** Pools, then normalises each cell. */
const normedReadout = (pooling: FeaturePooling, channels: number) =>
  readout(pooledSize(pooling, channels), {
    init: () => ({ norm: initLayerNorm(channels) }),
    apply: ({ norm }: { readonly norm: LayerNormParams }, x: tf.Tensor4D) =>
      tf.tidy(() => {
        const pooled = pool(pooling, x);
        const cells = layerNorm(norm, tf.reshape(pooled, [-1, channels]), epsilon);
        return tf.reshape(cells, pooled.shape);
      }),
  });
