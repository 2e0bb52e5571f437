import { createRandom } from '@azclip/base';

import { augmentImage } from '../augment/augment-image.ts';
import type { AugmentationConfig } from '../augment/config.ts';
import type { ImagePreprocessing } from '../config.ts';
import { decodeImage } from '../image/decode-image.ts';
import { fitImage, normaliseInto } from '../image/preprocess-image.ts';
import type { ImageSource } from '../pair.ts';

/** An image to load, with what its augmentation depends on. */
export interface PixelTask {
  readonly image: ImageSource;
  /** What is said of the image in this batch. */
  readonly caption: string;
  /** Seed of the augmentation. */
  readonly seed: number;
}

/** How pixels are made. */
export interface PixelSettings {
  readonly preprocessing: ImagePreprocessing;
  /** No steps: the preprocessing alone, as for scoring. */
  readonly augmentation: AugmentationConfig;
}

/** Decodes, augments and normalises an image into row `row` of a batch.
 * @param batch - [batch, size, size, 3].
 * @throws {CorruptImageError} if the image cannot be decoded whole. */
export async function loadPixels(
  { image: source, caption, seed }: PixelTask,
  { preprocessing, augmentation }: PixelSettings,
  batch: Float32Array,
  row: number,
): Promise<void> {
  const image = await decodeImage(source);
  const fitted =
    augmentation.length === 0
      ? fitImage(image, preprocessing)
      : augmentImage(image, augmentation, preprocessing, { captions: [caption], random: createRandom(seed) });
  const length = preprocessing.size ** 2 * 3;
  normaliseInto(fitted.pixels, preprocessing, batch.subarray(row * length, (row + 1) * length));
}
