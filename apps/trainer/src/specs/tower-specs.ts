import { createRandom } from '@azclip/base';
import { createImageTower, imageTowerConfig } from '@azclip/encoders-image';
import { countParams, evaluation, flattenParams } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { countMultiplyAdds } from './count-multiply-adds.ts';
import { exportedSpeed, type MeasureOptions } from './exported-speed.ts';

/** What a tower costs. */
export interface TowerSpecs {
  readonly name: string;
  readonly features: number;
  /** Trainable values. */
  readonly parameters: number;
  /** Billions of multiply-adds for one image. */
  readonly gflops: number;
  /** 2²⁰ bytes of float32, running statistics included. */
  readonly megabytes: number;
  /** Measured here, in batches, through the exported graph; undefined where it was not asked for. */
  readonly imagesPerSecond: number | undefined;
}

/** Counts and times one tower at its usual size, its values drawn by chance: they do not change the cost. */
export async function towerSpecs(name: string, options: MeasureOptions): Promise<TowerSpecs> {
  const tower = await createImageTower(imageTowerConfig.parse({ name }));
  const { size } = tower.preprocessing;
  const params = tower.init(createRandom(1));
  try {
    const image = (): tf.Tensor4D => tf.zeros([1, size, size, 3]);
    const values = Object.values(flattenParams(params)).reduce((sum, tensor) => sum + tensor.size, 0);
    return {
      name,
      features: tower.featureDim,
      parameters: countParams(params),
      gflops: (await countMultiplyAdds(() => tower.apply(params, image(), evaluation))) / 1e9,
      megabytes: (4 * values) / 2 ** 20,
      imagesPerSecond: options.rounds === 0 ? undefined : await exportedSpeed(tower, params, options),
    };
  } finally {
    tf.dispose(flattenParams(params));
  }
}
