import type { Random } from '@azclip/base';
import * as tf from '@tensorflow/tfjs';

import { dropout } from './dropout.ts';
import { initLinear, linear, type LinearParams } from './linear.ts';
import type { Mode } from './mode.ts';

/** Parameters of multi-head self-attention; each map is [dim, dim]. */
export interface AttentionParams {
  readonly query: LinearParams;
  readonly key: LinearParams;
  readonly value: LinearParams;
  readonly output: LinearParams;
}

/** What an attention needs beside parameters and input. */
export interface AttentionOptions {
  /** Number of heads; divides dim. */
  readonly heads: number;
  /** Added to the scores, broadcast to [batch, head, rows, seq]: 0 to attend, a large negative number not to. */
  readonly bias?: tf.Tensor | undefined;
  /** Dropout of the attention weights, in [0, 1). */
  readonly dropoutRate?: number;
  /** What attends, [batch, rows, dim], where that is not all of the input. */
  readonly queries?: tf.Tensor | undefined;
  readonly mode: Mode;
}

/** Scaled dot-product self-attention with several heads.
 * @param x - [batch, seq, dim].  @returns [batch, seq, dim]; one row for each of `options.queries` where these are given.
 * @see Vaswani et al. 2017, section 3.2 — https://arxiv.org/abs/1706.03762 */
export function multiHeadAttention(params: AttentionParams, x: tf.Tensor, options: AttentionOptions): tf.Tensor {
  return tf.tidy(() => {
    const { heads, bias, dropoutRate = 0, queries = x, mode } = options;
    const [batch = 1, , dim = 1] = x.shape;
    const [, rows = 1] = queries.shape;
    const headDim = dim / heads;
    const split = (map: LinearParams, from: tf.Tensor): tf.Tensor =>
      tf.transpose(tf.reshape(linear(map, from), [batch, from.shape[1] ?? 1, heads, headDim]), [0, 2, 1, 3]);
    const keys = split(params.key, x); // [batch, head, seq, headDim]
    const raw = tf.mul(tf.matMul(split(params.query, queries), keys, false, true), 1 / Math.sqrt(headDim));
    const weights = dropout(tf.softmax(bias ? tf.add(raw, bias) : raw), dropoutRate, mode); // [batch, head, rows, seq]
    const attended = tf.transpose(tf.matMul(weights, split(params.value, x)), [0, 2, 1, 3]); // [batch, rows, head, headDim]
    return linear(params.output, tf.reshape(attended, [batch, rows, dim]));
  });
}

/** Xavier-uniform maps, zero biases. */
export const initAttention = (dim: number, random: Random): AttentionParams => ({
  query: initLinear(dim, dim, random.fork('query')),
  key: initLinear(dim, dim, random.fork('key')),
  value: initLinear(dim, dim, random.fork('value')),
  output: initLinear(dim, dim, random.fork('output')),
});
