import * as tf from '@tensorflow/tfjs';

import { attentionPool, type AttentionPoolParams } from './attention-pool.ts';
import type { CaptionPoolingConfig } from './config.ts';
import { maskedMean } from './token-mask.ts';

/** Features of the captions of each image into one feature of its text: what the captions agree on, weighed by how much
 * each says. A single caption stays as it is, so a query needs no other path than a caption in training.
 * @param features - [images · captions, dim], the captions of an image one after another.
 * @param mask - [images, captions], 1 where an image has that caption.
 * @param params - of `attention` alone.
 * @returns [images, dim].
 * @see Yang et al. 2016, section 2.2 — https://aclanthology.org/N16-1174 */
export function poolCaptions(
  { pooling }: Pick<CaptionPoolingConfig, 'pooling'>,
  features: tf.Tensor2D,
  mask: tf.Tensor2D,
  params?: AttentionPoolParams,
): tf.Tensor2D {
  return tf.tidy(() => {
    const grouped = tf.reshape<tf.Rank.R3>(features, [...mask.shape, -1]); // [images, captions, dim]
    if (pooling === 'mean') return maskedMean(grouped, mask);
    if (!params) throw new RangeError('parameters: those of the caption attention are missing');
    return attentionPool(params, grouped, mask);
  });
}
