import { compile } from '@azclip/onnx';
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

/** A tower as one graph. */
export interface CompiledFeatures {
  readonly compute: ComputeFeatures;
  /** Frees the graph; nothing can be computed any more. */
  readonly dispose: () => void;
}

/** Runs the tower as one ONNX graph for batches of up to `batchSize`; smaller ones are filled up with zeros, so that one
 * graph serves all. */
export function compiledFeatures(tower: ImageTower, params: ParamTree, batchSize: number): CompiledFeatures {
  const { size } = tower.preprocessing;
  const graph = compile(({ pixels }) => ({ features: tower.apply(params, pixels as tf.Tensor4D, evaluation) }));
  const whole = new Float32Array(batchSize * size * size * 3);
  return {
    compute: async (pixels, batch) => {
      whole.fill(0, pixels.length).set(pixels);
      const inputs = { pixels: { dtype: 'float32', shape: [batchSize, size, size, 3], data: whole } } as const;
      const { features } = await graph.run(inputs);
      return (features?.data as Float32Array).subarray(0, batch * tower.featureDim);
    },
    dispose: () => {
      graph.dispose();
    },
  };
}
