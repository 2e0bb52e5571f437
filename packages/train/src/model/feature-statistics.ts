import { InputError } from '@azclip/base';
import type { Pair } from '@azclip/data';
import * as tf from '@tensorflow/tfjs';

import type { DualEncoderParams } from './dual-encoder.ts';
import type { ImageInputs } from '../batches/image-inputs.ts';

/** `params` with the mean and variance of each image feature over `pairs`, for the standardising head.
 * @throws {InputError} if the images are pixels: only features of a frozen tower can be standardised beforehand. */
export async function withFeatureStatistics(
  params: DualEncoderParams,
  pairs: readonly Pair[],
  images: ImageInputs,
): Promise<DualEncoderParams> {
  const [dim = 0, ...others] = images.rowShape;
  if (others.length > 0) throw new InputError('image.standardize: expected a frozen image tower, got one that learns');
  const sum = new Float64Array(dim);
  const squares = new Float64Array(dim);
  for (const pair of pairs) {
    const row = await images.rowOf(pair);
    for (let i = 0; i < dim; i += 1) {
      const value = row[i] as number;
      sum[i] = (sum[i] as number) + value;
      squares[i] = (squares[i] as number) + value * value;
    }
  }
  const mean = Float32Array.from(sum, (total) => total / pairs.length);
  const variance = Float32Array.from(squares, (total, i) => total / pairs.length - (mean[i] as number) ** 2);
  tf.dispose([params.imageHead.statistics?.runningMean, params.imageHead.statistics?.runningVar]);
  const statistics = { runningMean: tf.tensor1d(mean), runningVar: tf.tensor1d(variance) };
  return { ...params, imageHead: { ...params.imageHead, statistics } };
}
