import { createRandom } from '@azclip/base';
import { compiledFeatures, createImageTower, imageTowerConfig, type ComputeFeatures } from '@azclip/encoders-image';
import { countParams, evaluation, flattenParams } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { countMultiplyAdds } from './count-multiply-adds.ts';

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
  /** Measured here, in batches; undefined where it was not asked for. */
  readonly imagesPerSecond: number | undefined;
}

/** How a tower is measured. */
export interface MeasureOptions {
  readonly batchSize: number;
  /** Batches timed, after one that is not; the median counts. 0 measures no speed. */
  readonly rounds: number;
}

/** Counts and times one tower at its usual size, its values drawn by chance: they do not change the cost. */
export async function towerSpecs(name: string, { batchSize, rounds }: MeasureOptions): Promise<TowerSpecs> {
  const tower = await createImageTower(imageTowerConfig.parse({ name }));
  const { size } = tower.preprocessing;
  const params = tower.init(createRandom(1));
  const { compute, dispose } = compiledFeatures(tower, params, batchSize);
  try {
    const image = (): tf.Tensor4D => tf.zeros([1, size, size, 3]);
    const values = Object.values(flattenParams(params)).reduce((sum, tensor) => sum + tensor.size, 0);
    return {
      name,
      features: tower.featureDim,
      parameters: countParams(params),
      gflops: (await countMultiplyAdds(() => tower.apply(params, image(), evaluation))) / 1e9,
      megabytes: (4 * values) / 2 ** 20,
      imagesPerSecond: rounds === 0 ? undefined : await speedOf(compute, size, { batchSize, rounds }),
    };
  } finally {
    dispose();
    tf.dispose(flattenParams(params));
  }
}

function pixelsOf(batchSize: number, size: number): Float32Array {
  const random = createRandom(2);
  return Float32Array.from({ length: batchSize * size * size * 3 }, () => 2 * random.uniform() - 1);
}

async function speedOf(compute: ComputeFeatures, size: number, { batchSize, rounds }: MeasureOptions): Promise<number> {
  const pixels = pixelsOf(batchSize, size);
  await compute(pixels, batchSize); // traces and warms up
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    await compute(pixels, batchSize);
    times.push(performance.now() - start);
  }
  const median = times.sort((a, b) => a - b)[times.length >> 1] ?? NaN;
  return (1000 * batchSize) / median;
}
