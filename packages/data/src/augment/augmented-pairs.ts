import { createRandom } from '@azclip/base';

import type { ImagePreprocessing } from '../config.ts';
import { decodeImage } from '../image/decode-image.ts';
import type { Pair } from '../pair.ts';
import { augmentImage } from './augment-image.ts';
import type { AugmentationConfig } from './config.ts';

/** How to make a set of augmented images. */
export interface AugmentedPairsOptions {
  readonly steps: AugmentationConfig;
  readonly preprocessing: ImagePreprocessing;
  /** Augmented images of each image; the image itself is not among them. */
  readonly copies: number;
  readonly seed: number;
}

/** Makes augmented images once, as a set of its own: each pair becomes `copies` pairs with its captions, ids
 * `<id>#1` …. Write it with `writeGallery`, or mix it with the set it came from.
 * @throws {CorruptImageError} at an image that cannot be decoded whole. */
export async function* augmentedPairs(
  pairs: AsyncIterable<Pair>,
  options: AugmentedPairsOptions,
): AsyncGenerator<Pair> {
  const { steps, preprocessing, copies } = options;
  const random = createRandom(options.seed);
  for await (const pair of pairs) {
    const { captions, weights } = pair; // not the hash: a copy looks otherwise
    const image = await decodeImage(pair.image);
    for (let copy = 1; copy <= copies; copy++) {
      const imageId = `${pair.imageId}#${String(copy)}`;
      const made = augmentImage(image, steps, preprocessing, { captions, random: random.fork(imageId) });
      yield { imageId, image: { ...made, name: imageId }, captions, ...(weights ? { weights } : {}) };
    }
  }
}
