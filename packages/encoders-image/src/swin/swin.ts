import type { Random } from '@azclip/base';
import {
  conv2d,
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
import { initMerging, mergePatches, type MergingParams } from './patch-merging.ts';
import { initWindowAttention, windowAttention, type WindowAttentionParams } from './window-attention.ts';

/** Epsilon of every norm. */
const epsilon = 1e-5;

/** The form of a Swin transformer. */
export interface SwinForm {
  /** Channels of the first stage; each further one doubles them. */
  readonly dim: number;
  /** Blocks of each stage. */
  readonly depths: readonly number[];
  /** Heads of each stage. */
  readonly heads: readonly number[];
  /** Cells a side of a window. */
  readonly window: number;
  /** Probability of stochastic depth at the last block; it grows from 0 at the first. */
  readonly stochasticDepth: number;
}

/** Swin transformer: 4 × 4 patches, then stages of attention within windows; each after the first merges 2 × 2 cells.
 * @see Liu et al. 2021 — https://arxiv.org/abs/2103.14030 */
export function swin(form: SwinForm, pooling: FeaturePooling): Network {
  const { dim, depths, heads, window, stochasticDepth } = form;
  const total = depths.reduce((a, b) => a + b, 0);
  const stages = depths.map((depth, i) => {
    const before = depths.slice(0, i).reduce((a, b) => a + b, 0);
    const rates = Array.from({ length: depth }, (_, j) => (stochasticDepth * (before + j)) / Math.max(total - 1, 1));
    const width = dim * 2 ** i;
    return blockStage(`stage${String(i + 1)}`, { merges: i > 0, width, heads: heads[i] ?? 1, window, rates });
  });
  return { stages: [stemStage(dim), ...stages], readout: normedReadout(pooling, dim * 2 ** (depths.length - 1)) };
}

interface StemParams {
  readonly conv: ConvParams;
  readonly norm: LayerNormParams;
}

const stemStage = (dim: number): Stage =>
  stage('stem', dim, {
    init: (random): StemParams => ({
      conv: { filter: initFilter([4, 4], 3, dim, random), bias: tf.zeros([dim]) },
      norm: initLayerNorm(dim),
    }),
    apply: ({ conv, norm }: StemParams, pixels: tf.Tensor4D) =>
      tf.tidy(() => layerNorm(norm, conv2d(conv, pixels, { stride: 4, padding: 0 }), epsilon)),
  });

interface BlockParams {
  readonly attention: WindowAttentionParams;
  readonly attentionNorm: LayerNormParams;
  readonly ffn: { readonly up: LinearParams; readonly down: LinearParams };
  readonly ffnNorm: LayerNormParams;
}

interface StageParams {
  readonly merge?: MergingParams;
  readonly blocks: readonly BlockParams[];
}

interface StageForm {
  readonly merges: boolean;
  readonly width: number;
  readonly heads: number;
  readonly window: number;
  readonly rates: readonly number[];
}

const blockStage = (name: string, form: StageForm): Stage =>
  stage(name, form.width, {
    init: (random): StageParams => ({
      ...(form.merges ? { merge: initMerging(form.width / 2, random.fork('merge')) } : {}),
      blocks: form.rates.map((_, i) => initBlock(form, random.fork(i))),
    }),
    apply: ({ merge, blocks }: StageParams, x: tf.Tensor4D, mode) =>
      tf.tidy(() => {
        const start = merge ? mergePatches(merge, x, epsilon) : x;
        return blocks.reduce((y, params, i) => swinBlock(params, y, { form, index: i, mode }), start);
      }),
  });

interface BlockOptions {
  readonly form: StageForm;
  /** Place in the stage; every second block shifts its windows by half. */
  readonly index: number;
  readonly mode: Mode;
}

function swinBlock(params: BlockParams, x: tf.Tensor4D, { form, index, mode }: BlockOptions): tf.Tensor4D {
  return tf.tidy(() => {
    const { window } = form;
    const shift = index % 2 === 1 && x.shape[1] > window ? Math.floor(window / 2) : 0;
    const rate = form.rates[index] ?? 0;
    const normed = layerNorm(params.attentionNorm, x, epsilon) as tf.Tensor4D;
    const attended = windowAttention(params.attention, normed, { window, shift, heads: form.heads });
    const y = tf.add<tf.Tensor4D>(x, dropPath(attended, rate, mode));
    const hidden = gelu(linear(params.ffn.up, layerNorm(params.ffnNorm, y, epsilon)));
    return tf.add(y, dropPath(linear(params.ffn.down, hidden), rate, mode));
  });
}

const initBlock = ({ width, heads, window }: StageForm, random: Random): BlockParams => ({
  attention: initWindowAttention(width, { window, heads }, random.fork('attention')),
  attentionNorm: initLayerNorm(width),
  ffn: {
    up: initLinear(width, 4 * width, random.fork('up')),
    down: initLinear(4 * width, width, random.fork('down')),
  },
  ffnNorm: initLayerNorm(width),
});

/** Normalises each cell, then pools. */
const normedReadout = (pooling: FeaturePooling, channels: number) =>
  readout(pooledSize(pooling, channels), {
    init: () => ({ norm: initLayerNorm(channels) }),
    apply: ({ norm }: { readonly norm: LayerNormParams }, x: tf.Tensor4D) =>
      tf.tidy(() => pool(pooling, layerNorm(norm, x, epsilon) as tf.Tensor4D)),
  });
