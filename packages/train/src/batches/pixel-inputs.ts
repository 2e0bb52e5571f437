import { preprocessImage, type ImagePreprocessing } from '@azclip/data';

import type { ImageInputs } from './image-inputs.ts';

/** Preprocessed images are kept while they fit in this many bytes; the others are decoded anew each epoch. */
const keptBytes = 2 ** 30;

/** Images as pixels for a tower that learns: decoded and preprocessed when first asked for. */
export function pixelInputs(preprocessing: ImagePreprocessing): ImageInputs {
  const { size } = preprocessing;
  const rowBytes = size * size * 3 * Float32Array.BYTES_PER_ELEMENT;
  const kept = new Map<string, Float32Array>();
  return {
    rowShape: [size, size, 3],
    rowOf: async ({ imageId, image }) => {
      const known = kept.get(imageId);
      if (known) return known;
      const pixels = await preprocessImage(image, preprocessing);
      if ((kept.size + 1) * rowBytes <= keptBytes) kept.set(imageId, pixels);
      return pixels;
    },
  };
}
