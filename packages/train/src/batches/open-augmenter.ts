import { availableParallelism } from 'node:os';

import { PixelPool } from '@azclip/data';

import type { FitConfig } from '../config.ts';
import type { DualEncoder } from '../model/dual-encoder.ts';

/** Threads that make the training images anew each epoch, where the config has steps of augmentation; the caller closes
 * them. */
export function openAugmenter(config: FitConfig, model: DualEncoder): PixelPool | undefined {
  const { augmentation } = config.image;
  if (augmentation.length === 0) return undefined;
  return new PixelPool({ preprocessing: model.imageTower.preprocessing, augmentation }, availableParallelism());
}
