import { createRandom } from '@azclip/base';

import { applySteps, drawFraming } from '../augment/augment-image.ts';
import type { AugmentationConfig } from '../augment/config.ts';
import type { ImagePreprocessing } from '../config.ts';
import { decodeWhole } from '../image/decode-image.ts';
import { corrupt } from '../image/decode-with-libvips.ts';
import { decodeRegion, openImage } from '../image/open-image.ts';
import { readImageBytesSync } from '../image/image-bytes.ts';
import { normaliseInto, preprocessInto } from '../image/preprocess-image.ts';
import { resampleDecoded, resampleInto } from '../image/resample.ts';
import { imageName, type ImageSource } from '../pair.ts';

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

/** Decodes, augments and normalises an image into row `row` of a batch. A crop that begins the augmentation decodes no more
 * than itself; where nothing but a flip follows it, one pass does the rest.
 * @param batch - [batch, size, size, 3].
 * @throws {CorruptImageError} if the image cannot be decoded whole. */
export async function loadPixels(
  { image, caption, seed }: PixelTask,
  { preprocessing, augmentation }: PixelSettings,
  batch: Float32Array,
  row: number,
): Promise<void> {
  const length = preprocessing.size ** 2 * 3;
  const result = batch.subarray(row * length, (row + 1) * length);
  const source = read(image);
  if (augmentation.length === 0) return preprocessInto(source, preprocessing, result);
  const draw = { captions: [caption], random: createRandom(seed) };
  const open = await openImage(source);
  const framing = drawFraming(open, augmentation, preprocessing, draw);
  if (!framing) {
    const augmented = applySteps(await decodeWhole(open), augmentation, 0, preprocessing, draw);
    normaliseInto(augmented.pixels, preprocessing, result);
    return;
  }
  const { options, steps } = framing;
  const decoded = await decodeRegion(open, options.region);
  if (steps === augmentation.length) {
    resampleInto(decoded, { ...options, mean: preprocessing.mean, std: preprocessing.std }, result);
    return;
  }
  const augmented = applySteps(resampleDecoded(decoded, options), augmentation, steps, preprocessing, draw);
  normaliseInto(augmented.pixels, preprocessing, result);
}

/** The image in memory. */
function read(source: ImageSource): ImageSource {
  if ('pixels' in source) return source;
  const name = imageName(source);
  try {
    return { bytes: readImageBytesSync(source), name };
  } catch (error) {
    throw corrupt(name, error);
  }
}
