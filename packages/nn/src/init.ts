import type { Random } from '@azclip/base';
import * as tf from '@tensorflow/tfjs';

function fill(shape: readonly number[], next: () => number): Float32Array {
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  for (let i = 0; i < values.length; i += 1) values[i] = next();
  return values;
}

/** Tensor of `shape`, uniform in [−bound, bound). */
export function uniformTensor<R extends tf.Rank>(shape: tf.ShapeMap[R], bound: number, random: Random): tf.Tensor<R> {
  return tf.tensor(
    fill(shape, () => (random.uniform() * 2 - 1) * bound),
    shape,
  );
}

/** Tensor of `shape`, normal with mean 0 and standard deviation `std`. */
export function normalTensor<R extends tf.Rank>(shape: tf.ShapeMap[R], std: number, random: Random): tf.Tensor<R> {
  return tf.tensor(
    fill(shape, () => random.normal() * std),
    shape,
  );
}
