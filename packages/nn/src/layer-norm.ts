import * as tf from '@tensorflow/tfjs';

/** Parameters of a layer norm, each [dim]. */
export interface LayerNormParams {
  /** [dim] */
  readonly scale: tf.Tensor1D;
  /** [dim] */
  readonly bias: tf.Tensor1D;
}

/** Normalises the last axis to mean 0 and variance 1, then scales and shifts it.
 * @param x - [..., dim].  @param epsilon - added to the variance: 1e-12 in BERT, 1e-6 in ViT and ConvNeXt, 1e-5 in Swin.
 * @see Ba, Kiros, Hinton 2016 — https://arxiv.org/abs/1607.06450 */
export function layerNorm({ scale, bias }: LayerNormParams, x: tf.Tensor, epsilon: number): tf.Tensor {
  return tf.tidy(() => {
    const centred = tf.sub(x, tf.mean(x, -1, true));
    const variance = tf.mean(tf.square(centred), -1, true); // [..., 1]
    return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon))), scale), bias);
  });
}

/** Scale 1, bias 0. */
export const initLayerNorm = (dim: number): LayerNormParams => ({ scale: tf.ones([dim]), bias: tf.zeros([dim]) });
