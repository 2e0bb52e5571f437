import { InputError } from '@azclip/base';
import type { ImagePreprocessing } from '@azclip/data';
import { createHash } from 'node:crypto';
import * as tf from '@tensorflow/tfjs';

import type { TfjsConfig } from '../config.ts';
import type { ImageTower } from '../image-tower.ts';
import { pool, pooledSize } from '../network/pooled.ts';
import { loadCutModel } from './cut-model.ts';
import { readModelFolder } from './model-folder.ts';

/** A TF.js model from disk as a frozen tower: no parameters to learn, its weights are constants of what is traced. They
 * stand on the device that is current when it is loaded, until `dispose`.
 * @throws {InputError} if the folder holds no such model or layer, or its output cannot be pooled as asked. */
export async function tfjsTower(config: TfjsConfig): Promise<ImageTower> {
  const model = await readModelFolder(config.folder);
  const cut = await loadCutModel(model, config.layer);
  const shape = tf.tidy(() => cut.apply(tf.zeros([1, config.size, config.size, 3])).shape);
  return {
    name: config.name,
    ...featureSize(config, shape, model.path),
    preprocessing: preprocessingOf(config),
    fingerprint: createHash('sha256')
      .update(JSON.stringify([model.hash, config.layer ?? null, config.pooling]))
      .digest('hex'),
    init: () => ({}),
    isFrozen: () => true,
    apply: (_, pixels) => tf.tidy(() => features(cut.apply(pixels), config.pooling)),
    dispose: () => {
      cut.dispose();
    },
  };
}

function features(output: tf.Tensor, pooling: TfjsConfig['pooling']): tf.Tensor2D {
  return output.rank === 4 ? pool(pooling, output as tf.Tensor4D) : (output as tf.Tensor2D);
}

function featureSize({ layer, pooling }: TfjsConfig, shape: readonly number[], path: string) {
  const [, height = 0, width = 0, channels = 0] = shape;
  if (shape.length === 2 && pooling === 'average') return { featureDim: height, grid: undefined };
  const fits = shape.length === 4 && (pooling === 'average' || (height === width && height >= pooling.grid));
  if (fits) return pooledSize(pooling, channels);
  const expected = pooling === 'average' ? 'a feature map or a row' : `at least ${String(pooling.grid)} cells a side`;
  throw new InputError(`${path}: ${layer ?? 'last layer'}: expected ${expected}, got [${shape.join(', ')}]`);
}

const preprocessingOf = ({ size, fit, mean, std }: TfjsConfig): ImagePreprocessing => ({
  size,
  resize: size,
  fit,
  interpolation: 'bilinear',
  mean,
  std,
});
