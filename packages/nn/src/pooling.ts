import * as tf from '@tensorflow/tfjs';

import { ShapeError } from './shape.ts';

/** The mean of each channel over the whole map.
 * @param x - [batch, height, width, channels].  @returns [batch, channels]. */
export const globalAveragePool = (x: tf.Tensor4D): tf.Tensor2D => tf.mean<tf.Tensor2D>(x, [1, 2]);

/** Averages over `grid` × `grid` equal windows that cover the map, overlapping where `grid` does not divide its side:
 * position survives, at a coarser step.
 * @param x - [batch, side, side, channels].  @returns [batch, grid, grid, channels].
 * @throws {ShapeError} if the map is not square or has fewer than `grid` cells a side. */
export function gridAveragePool(x: tf.Tensor4D, grid: number): tf.Tensor4D {
  const [, height, width] = x.shape;
  if (height !== width || height < grid) {
    throw new ShapeError(
      `gridAveragePool: expected a square map of at least ${String(grid)} cells a side, got [${x.shape.join(', ')}]`,
    );
  }
  if (height === grid) return x;
  const stride = Math.floor(height / grid);
  return tf.avgPool(x, height - (grid - 1) * stride, stride, 'valid');
}
