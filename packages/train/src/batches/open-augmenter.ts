import { availableParallelism } from 'node:os';

import { PixelPool } from '@azclip/data';

import type { FitConfig } from '../config.ts';
import type { DualEncoder } from '../model/dual-encoder.ts';

/** Threads that make the training images anew each epoch, where the config has steps of augmentation and the tower learns:
 * a frozen one takes features of views that were made beforehand. The caller closes them. */
export function openAugmenter(config: FitConfig, model: DualEncoder): PixelPool | undefined {
  const { augmentation } = config.image;
  if (augmentation.length === 0 || model.imageTower.fingerprint !== undefined) return undefined;
  return new PixelPool({ preprocessing: model.imageTower.preprocessing, augmentation }, availableParallelism());
}
