import type { Random } from '@azclip/base';

import type { ImagePreprocessing } from '../config.ts';
import { fitImage } from '../image/preprocess-image.ts';
import type { RawImage } from '../image/raw-image.ts';
import { resample } from '../image/resample.ts';
import { gaussianBlur } from './blur.ts';
import { adjustBrightness, adjustContrast, adjustHue, adjustSaturation, grayscale } from './colour.ts';
import type { AugmentationConfig, AugmentationStep } from './config.ts';
import { eraseRectangle } from './erase.ts';
import { between, drawCrop, mirror, rotation, transform } from './geometry.ts';
import { randAugment } from './rand-augment.ts';
import { mentionsSide } from './side-words.ts';

/** Applies the steps in turn and brings the result to the tower's square.
 * The last argument holds the captions of the image — where they speak of left or right it is not mirrored — and the chance: the
 * same stream gives the same pixels.
 * @returns `size` × `size` pixels. */
export function augmentImage(
  image: RawImage,
  steps: AugmentationConfig,
  preprocessing: ImagePreprocessing,
  { captions, random }: { readonly captions: readonly string[]; readonly random: Random },
): RawImage {
  let result = image;
  for (const [i, step] of steps.entries()) {
    result = applyStep(result, step, preprocessing, captions, random.fork(i));
  }
  return fitImage(result, preprocessing);
}

function applyStep(
  image: RawImage,
  step: AugmentationStep,
  { size, interpolation }: ImagePreprocessing,
  captions: readonly string[],
  random: Random,
): RawImage {
  if ('probability' in step && random.uniform() >= step.probability) return image;
  switch (step.op) {
    case 'randomResizedCrop': {
      const region = drawCrop(image, step.scale, step.ratio, random);
      return resample(image, { region, width: size, height: size, interpolation });
    }
    case 'flip':
      return captions.some(mentionsSide) ? image : mirror(image);
    case 'colourJitter':
      return jitter(image, step, random);
    case 'grayscale':
      return grayscale(image);
    case 'blur':
      return gaussianBlur(image, between(step.sigma, random));
    case 'rotation':
      return transform(image, rotation(image, between([-step.degrees, step.degrees], random)));
    case 'erasing':
      return eraseRectangle(image, step.scale, step.ratio, random);
    case 'randAugment':
      return randAugment(image, step.count, step.magnitude, random);
  }
}

/** The four changes in random order. */
function jitter(image: RawImage, step: Extract<AugmentationStep, { op: 'colourJitter' }>, random: Random): RawImage {
  const factor = (strength: number): number => between([1 - strength, 1 + strength], random);
  const changes = [
    (now: RawImage) => adjustBrightness(now, factor(step.brightness)),
    (now: RawImage) => adjustContrast(now, factor(step.contrast)),
    (now: RawImage) => adjustSaturation(now, factor(step.saturation)),
    (now: RawImage) => adjustHue(now, between([-step.hue, step.hue], random)),
  ];
  let result = image;
  while (changes.length > 0) {
    const [change] = changes.splice(random.integer(changes.length), 1);
    if (change) result = change(result);
  }
  return result;
}
