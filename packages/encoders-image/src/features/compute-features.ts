import { evaluation, type ParamTree } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import type { ImageTower } from '../image-tower.ts';

/** Features of a batch of pixels, on the host.
 * @param pixels - [batch, size, size, 3], normalised.  @returns [batch, featureDim]. */
export type ComputeFeatures = (pixels: Float32Array, batch: number) => Promise<Float32Array>;

/** Runs the tower op by op on the current backend. */
export const eagerFeatures =
  (tower: ImageTower, params: ParamTree): ComputeFeatures =>
  async (pixels, batch) => {
    const { size } = tower.preprocessing;
    const features = tf.tidy(() => tower.apply(params, tf.tensor4d(pixels, [batch, size, size, 3]), evaluation));
    try {
      return (await features.data()) as Float32Array;
    } finally {
      features.dispose();
    }
  };
