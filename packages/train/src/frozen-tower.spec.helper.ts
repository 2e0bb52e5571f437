import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import * as tf from '@tensorflow/tfjs';

/** Writes a convolution of fixed values, for images of 16 × 16, as a TF.js model. */
export async function writeFrozenTower(folder: string): Promise<void> {
  mkdirSync(folder);
  const kernelInitializer = tf.initializers.randomNormal({ seed: 3 });
  const convolution = { filters: 5, kernelSize: 4, strides: 4, inputShape: [16, 16, 3], kernelInitializer };
  const model = tf.sequential({ layers: [tf.layers.conv2d(convolution)] });
  await model.save(
    tf.io.withSaveHandler(({ modelTopology, weightSpecs = [], weightData }) => {
      const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
      writeFileSync(join(folder, 'model.json'), JSON.stringify({ modelTopology, weightsManifest }));
      writeFileSync(join(folder, 'weights.bin'), new Uint8Array(weightData as ArrayBuffer));
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
    }),
  );
  model.dispose();
}
