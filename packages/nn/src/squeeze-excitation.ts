import type { Random } from '@azclip/base';
import * as tf from '@tensorflow/tfjs';

import { activate, type Activation } from './activation.ts';
import { initLinear, linear, type LinearParams } from './linear.ts';
import { globalAveragePool } from './pooling.ts';

/** Parameters of a squeeze-and-excitation. */
export interface SqueezeExcitationParams {
  /** channels → reduced */
  readonly reduce: LinearParams;
  /** reduced → channels */
  readonly expand: LinearParams;
}

/** Gates between 0 and 1: the logistic function, or its piecewise linear form clip(x / 6 + 1 / 2). */
export type Gate = 'sigmoid' | 'hardsigmoid';

/** Scales each channel by a gate computed from the means of all channels.
 * @param x - [batch, height, width, channels].
 * @see Hu et al. 2018, equations 2 to 4 — https://arxiv.org/abs/1709.01507 */
export function squeezeExcitation(
  { reduce, expand }: SqueezeExcitationParams,
  x: tf.Tensor4D,
  { activation, gate }: { readonly activation: Activation; readonly gate: Gate },
): tf.Tensor4D {
  return tf.tidy(() => {
    const squeezed = activate(activation, linear(reduce, globalAveragePool(x))); // [batch, reduced]
    const gates = applyGate(gate, linear(expand, squeezed)); // [batch, channels]
    return tf.mul<tf.Tensor4D>(x, tf.reshape(gates, [-1, 1, 1, x.shape[3]]));
  });
}

/** Xavier-uniform maps, zero biases. */
export const initSqueezeExcitation = (channels: number, reduced: number, random: Random): SqueezeExcitationParams => ({
  reduce: initLinear(channels, reduced, random.fork('reduce')),
  expand: initLinear(reduced, channels, random.fork('expand')),
});

/** Maps scores to gates, entry by entry. */
export const applyGate = (gate: Gate, x: tf.Tensor): tf.Tensor =>
  gate === 'sigmoid' ? tf.sigmoid(x) : tf.tidy(() => tf.clipByValue(tf.add(tf.mul(x, 1 / 6), 0.5), 0, 1));
