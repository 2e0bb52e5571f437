import { join } from 'node:path';

import type { Pair } from '@azclip/data';
import { cachedFeatures, type ImageTower } from '@azclip/encoders-image';

import type { ImageInputs } from './batches/image-inputs.ts';
import { pixelInputs } from './batches/pixel-inputs.ts';
import type { FitConfig } from './config.ts';
import type { PreparationReport } from './report.ts';

/** The images of a run as its tower takes them: pixels where the tower learns, else features out of the cache, which is
 * filled first. */
export async function* prepareImageInputs(
  tower: ImageTower,
  pairs: readonly Pair[],
  config: FitConfig,
): AsyncGenerator<PreparationReport, ImageInputs> {
  if (tower.fingerprint === undefined) return pixelInputs(tower.preprocessing);
  const folder = config.featureCache ?? join(config.output, 'features');
  const rows = new Map<string, Float32Array>();
  const images = pairs.map(({ imageId, image }) => ({ id: imageId, source: image }));
  for await (const { id, features } of cachedFeatures(tower, images, { folder })) {
    rows.set(id, features);
    yield { kind: 'preparation', what: 'image features', done: rows.size, total: pairs.length };
  }
  return {
    rowShape: [tower.featureDim],
    rowOf: ({ imageId }) => {
      const row = rows.get(imageId);
      return row ? Promise.resolve(row) : Promise.reject(new RangeError(`image ${imageId}: has no features`));
    },
  };
}
