import { CorruptImageError, type Pair, type Split } from '@azclip/data';
import type { ImageTower } from '@azclip/encoders-image';

import type { ImagePreparation } from './batches/image-inputs.ts';
import { pixelInputs } from './batches/pixel-inputs.ts';
import type { FitConfig } from './config.ts';
import { prepareFeatureInputs } from './prepare-feature-inputs.ts';

/** The images of a run as its tower takes them: pixels where the tower learns, else features out of the cache, which is
 * filled first, also with those of the augmented views of `train`.
 * @throws {DataError} at the first image that cannot be decoded, where the config does not say to skip it. */
export async function* prepareImageInputs(
  tower: ImageTower,
  parts: Readonly<Record<Split, readonly Pair[]>>,
  config: FitConfig,
): ImagePreparation {
  if (tower.fingerprint !== undefined) return yield* prepareFeatureInputs(tower, parts, config);
  return yield* checkedPixelInputs(tower, Object.values(parts).flat(), config);
}

/** Where corrupt images are to be skipped, each image is decoded once beforehand: a batch must not lose a row later. */
async function* checkedPixelInputs(tower: ImageTower, pairs: readonly Pair[], config: FitConfig): ImagePreparation {
  const inputs = pixelInputs(tower.preprocessing);
  const corrupt = new Set<string>();
  if (config.data.onCorrupt === 'fail') return { inputs, corrupt };
  for (const [index, pair] of pairs.entries()) {
    try {
      await inputs.rowOf(pair);
    } catch (error) {
      if (!(error instanceof CorruptImageError)) throw error;
      corrupt.add(pair.imageId);
      yield { kind: 'issue', issue: error.issue };
    }
    yield { kind: 'preparation', what: 'checking images', done: index + 1, total: pairs.length };
  }
  return { inputs, corrupt };
}
