import { globalAveragePool, gridAveragePool } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import type { FeaturePooling } from '../named-config.ts';
import type { FeatureGrid } from '../image-tower.ts';
import { readout, type Readout } from './network.ts';

/** What pooling makes of a map of `channels`: how many features, and how they lie on the image. */
export function pooledSize(pooling: FeaturePooling, channels: number): Pick<Readout, 'featureDim' | 'grid'> {
  if (pooling === 'average') return { featureDim: channels, grid: undefined };
  const grid: FeatureGrid = { rows: pooling.grid, columns: pooling.grid, channels };
  return { featureDim: grid.rows * grid.columns * channels, grid };
}

/** Features of a map: the mean of each channel, or of each cell of a grid, cell by cell.
 * @param x - [batch, side, side, channels].  @returns [batch, featureDim]. */
export function pool(pooling: FeaturePooling, x: tf.Tensor4D): tf.Tensor2D {
  if (pooling === 'average') return globalAveragePool(x);
  return tf.tidy(() => {
    const cells = gridAveragePool(x, pooling.grid); // [batch, grid, grid, channels]
    return tf.reshape(cells, [-1, pooling.grid * pooling.grid * x.shape[3]]);
  });
}

/** A readout without parameters: the pooled last map. */
export const pooledReadout = (pooling: FeaturePooling, channels: number): Readout =>
  readout(pooledSize(pooling, channels), { init: () => ({}), apply: (_, x: tf.Tensor4D) => pool(pooling, x) });
