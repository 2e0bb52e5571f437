import type { Random } from '@azclip/base';
import { initLayerNorm, layerNorm, uniformTensor, type LayerNormParams } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

/** Parameters of a merging of 2 × 2 cells. */
export interface MergingParams {
  /** [4 · in] */
  readonly norm: LayerNormParams;
  /** [4 · in, 2 · in]; there is no bias. */
  readonly weight: tf.Tensor2D;
}

/** Puts the features of 2 × 2 cells side by side (upper left, lower left, upper right, lower right), normalises them and
 * halves their number.
 * @param x - [batch, side, side, in], side even.  @returns [batch, side / 2, side / 2, 2 · in]. */
export function mergePatches({ norm, weight }: MergingParams, x: tf.Tensor4D, epsilon: number): tf.Tensor4D {
  return tf.tidy(() => {
    const [batch, side, , channels] = x.shape;
    const half = side / 2;
    const quads = tf.transpose(tf.reshape(x, [batch, half, 2, half, 2, channels]), [0, 1, 3, 4, 2, 5]);
    const normed = layerNorm(norm, tf.reshape(quads, [batch * half * half, 4 * channels]), epsilon);
    return tf.reshape(tf.matMul(normed, weight), [batch, half, half, 2 * channels]);
  });
}

/** Xavier-uniform weight, norm as the identity. */
export const initMerging = (channels: number, random: Random): MergingParams => ({
  norm: initLayerNorm(4 * channels),
  weight: uniformTensor<tf.Rank.R2>([4 * channels, 2 * channels], Math.sqrt(1 / channels), random),
});
