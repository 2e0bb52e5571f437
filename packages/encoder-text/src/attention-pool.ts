import type { Random } from '@azclip/base';
import { initLinear, linear, normalTensor, type LinearParams } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { maskBias } from './token-mask.ts';

/** Parameters of attention pooling. */
export interface AttentionPoolParams {
  /** [dim, dim] */
  readonly map: LinearParams;
  /** [dim], what is looked for. */
  readonly context: tf.Tensor1D;
}

/** Weighted mean of items: weights = softmax(tanh(map(x)) · context), so the network learns which items count.
 * One level of hierarchical attention: over the tokens of a caption, or over the captions of an image.
 * @param x - [batch, items, dim].  @param mask - [batch, items], 1 where an item stands.  @returns [batch, dim].
 * @see Yang et al. 2016, equations 5–7 — https://aclanthology.org/N16-1174 */
export function attentionPool(params: AttentionPoolParams, x: tf.Tensor3D, mask: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => {
    const [batch, items] = x.shape;
    const looked = tf.reshape(tf.tanh(linear(params.map, x)), [batch * items, -1]);
    const scores = tf.reshape(tf.matMul(looked, tf.reshape(params.context, [-1, 1])), [batch, items]);
    const weights = tf.softmax(tf.add(scores, maskBias(mask))); // [batch, items]
    return tf.squeeze<tf.Tensor2D>(tf.matMul(tf.expandDims(weights, 1), x), [1]); // [batch, dim]
  });
}

/** Xavier-uniform map, a context of expected length 1. */
export const initAttentionPool = (dim: number, random: Random): AttentionPoolParams => ({
  map: initLinear(dim, dim, random.fork('map')),
  context: normalTensor<tf.Rank.R1>([dim], 1 / Math.sqrt(dim), random.fork('context')),
});
