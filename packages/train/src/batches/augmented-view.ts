import { createHash } from 'node:crypto';

import { createRandom } from '@azclip/base';
import {
  augmentImage,
  decodeImage,
  normaliseImage,
  type AugmentationConfig,
  type ImagePreprocessing,
  type Pair,
} from '@azclip/data';
import type { ImageView } from '@azclip/encoders-image';

/** What makes one augmented view of an image. */
export interface AugmentedViewOptions {
  readonly steps: AugmentationConfig;
  readonly preprocessing: ImagePreprocessing;
  readonly seed: number;
  /** Number of the view: another one is another draw. */
  readonly view: number;
}

/** View number `view` of a pair's image. It is made once for all epochs, so all captions of the image guard it: none of them
 * may speak of left or right where it is mirrored. */
export function augmentedView(pair: Pair, { steps, preprocessing, seed, view }: AugmentedViewOptions): ImageView {
  const random = createRandom(seed).fork(`${pair.imageId}#${String(view)}`);
  const context = { captions: pair.captions, random };
  const captions = createHash('sha256').update(JSON.stringify(pair.captions)).digest('hex');
  return {
    key: JSON.stringify([steps, seed, view, pair.imageId, captions]),
    pixels: async (source) =>
      normaliseImage(augmentImage(await decodeImage(source), steps, preprocessing, context), preprocessing),
  };
}
