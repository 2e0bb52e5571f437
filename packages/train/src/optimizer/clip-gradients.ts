import * as tf from '@tensorflow/tfjs';

import { clipEpsilon } from './update-rule.ts';

/** Scales all gradients together so that their joint L2 norm is at most `maxNorm`.
 * @param gradients - by name.
 * @returns the scaled gradients, and the norm before; the caller owns them.
 * @see Pascanu et al. 2013, algorithm 1 — https://arxiv.org/abs/1211.5063 */
export function clipGradients(
  gradients: Readonly<Record<string, tf.Tensor>>,
  maxNorm: number,
): { gradients: Record<string, tf.Tensor>; norm: tf.Scalar } {
  return tf.tidy(() => {
    const norm = globalNorm(gradients);
    const scale = tf.minimum(1, tf.div(maxNorm, tf.add(norm, clipEpsilon)));
    const clipped = Object.entries(gradients).map(([name, gradient]) => [name, tf.mul(gradient, scale)] as const);
    return { gradients: Object.fromEntries(clipped), norm };
  });
}

/** L2 norm of all tensors as one vector.
 * @returns scalar; 0 without tensors. */
export function globalNorm(tensors: Readonly<Record<string, tf.Tensor>>): tf.Scalar {
  return tf.tidy(() => {
    const squares = Object.values(tensors).map((tensor) => tf.sum(tf.square(tensor)));
    return tf.sqrt<tf.Scalar>(squares.length === 0 ? tf.scalar(0) : tf.addN(squares as tf.Scalar[]));
  });
}
