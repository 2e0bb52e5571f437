import type { Random } from '@azclip/base';
import * as tf from '@tensorflow/tfjs';

import { uniformTensor } from './init.ts';

/** Parameters of an affine map. */
export interface LinearParams {
  /** [in, out] */
  readonly weight: tf.Tensor2D;
  /** [out] */
  readonly bias: tf.Tensor1D;
  /** A low-rank adapter, `down` [in, rank] and `up` [rank, out], added as `x · down · up`; see `addLora`. */
  readonly lora?: { readonly down: tf.Tensor2D; readonly up: tf.Tensor2D };
}

/** Affine map `x · weight + bias` of the last axis.
 * @param x - [..., in].  @returns [..., out]. */
export function linear({ weight, bias, lora }: LinearParams, x: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const rows = tf.reshape(x, [-1, weight.shape[0]]);
    const own = tf.add(tf.matMul(rows, weight), bias);
    const sum = lora ? tf.add(own, tf.matMul(tf.matMul(rows, lora.down), lora.up)) : own;
    return tf.reshape(sum, [...x.shape.slice(0, -1), weight.shape[1]]);
  });
}

/** Xavier-uniform weight, zero bias.
 * @see Glorot, Bengio 2010, equation 16 — https://proceedings.mlr.press/v9/glorot10a.html */
export function initLinear(inDim: number, outDim: number, random: Random): LinearParams {
  const bound = Math.sqrt(6 / (inDim + outDim));
  return { weight: uniformTensor([inDim, outDim], bound, random), bias: tf.zeros([outDim]) };
}
