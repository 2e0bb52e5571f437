import type { Random } from '@azclip/base';
import * as tf from '@tensorflow/tfjs';

import { activate, type Activation } from './activation.ts';
import { initAttention, multiHeadAttention, type AttentionParams } from './attention.ts';
import { dropout } from './dropout.ts';
import { initLayerNorm, layerNorm, type LayerNormParams } from './layer-norm.ts';
import { initLinear, linear, type LinearParams } from './linear.ts';
import type { Mode } from './mode.ts';

/** Parameters of one transformer layer. */
export interface TransformerLayerParams {
  readonly attention: AttentionParams;
  /** [dim] */
  readonly attentionNorm: LayerNormParams;
  /** Feed-forward layer: `up` is [dim, width], `down` [width, dim]. */
  readonly ffn: { readonly up: LinearParams; readonly down: LinearParams };
  /** [dim] */
  readonly ffnNorm: LayerNormParams;
}

/** What a transformer layer needs beside parameters and input. */
export interface TransformerLayerOptions {
  /** Number of heads; divides dim. */
  readonly heads: number;
  readonly activation: Activation;
  /** `post`: norm(x + branch(x)), as BERT. `pre`: x + branch(norm(x)), as ViT. */
  readonly norm: 'post' | 'pre';
  /** Added to the variance in the norms. */
  readonly epsilon: number;
  /** Added to the attention scores; see {@link multiHeadAttention}. */
  readonly bias?: tf.Tensor | undefined;
  /** Dropout of both branches, in [0, 1). */
  readonly dropoutRate?: number;
  /** Dropout of the attention weights, in [0, 1). */
  readonly attentionDropoutRate?: number;
  /** Whether the first token alone is wanted, as of the last layer where it stands for the whole: it attends to all, and
   * nothing is computed for the others behind that. */
  readonly firstOnly?: boolean;
  readonly mode: Mode;
}

/** Self-attention, then a feed-forward layer, each with a residual sum and a layer norm.
 * @param x - [batch, seq, dim].  @returns [batch, seq, dim]; [batch, 1, dim] of the first token alone.
 * @see Vaswani et al. 2017, section 3.1 — https://arxiv.org/abs/1706.03762 */
export function transformerLayer(
  params: TransformerLayerParams,
  x: tf.Tensor,
  options: TransformerLayerOptions,
): tf.Tensor {
  const { activation, norm, epsilon, dropoutRate = 0, attentionDropoutRate = 0, firstOnly = false, mode } = options;
  const wanted = (h: tf.Tensor): tf.Tensor => (firstOnly ? tf.slice(h, [0, 0, 0], [-1, 1, -1]) : h);
  const attend = (h: tf.Tensor): tf.Tensor =>
    multiHeadAttention(params.attention, h, { ...options, queries: wanted(h), dropoutRate: attentionDropoutRate });
  const feedForward = (h: tf.Tensor): tf.Tensor =>
    linear(params.ffn.down, activate(activation, linear(params.ffn.up, h)));
  const normed = (scale: LayerNormParams, h: tf.Tensor): tf.Tensor => layerNorm(scale, h, epsilon);
  const plus = (h: tf.Tensor, branch: tf.Tensor): tf.Tensor => tf.add(h, dropout(branch, dropoutRate, mode));
  return tf.tidy(() => {
    const { attentionNorm, ffnNorm } = params;
    if (norm === 'post') {
      const attended = normed(attentionNorm, plus(wanted(x), attend(x)));
      return normed(ffnNorm, plus(attended, feedForward(attended)));
    }
    const attended = plus(wanted(x), attend(normed(attentionNorm, x)));
    return plus(attended, feedForward(normed(ffnNorm, attended)));
  });
}

/** Xavier-uniform maps, zero biases, norms of scale 1.
 * @param width - of the feed-forward layer. */
export const initTransformerLayer = (dim: number, width: number, random: Random): TransformerLayerParams => ({
  attention: initAttention(dim, random.fork('attention')),
  attentionNorm: initLayerNorm(dim),
  ffn: { up: initLinear(dim, width, random.fork('up')), down: initLinear(width, dim, random.fork('down')) },
  ffnNorm: initLayerNorm(dim),
});
