import type { Random } from '@azclip/base';

import type { ImagePreprocessing } from '../config.ts';
import { fitImage } from '../image/preprocess-image.ts';
import type { RawImage, Rectangle } from '../image/raw-image.ts';
import { resample, type ResampleOptions } from '../image/resample.ts';
import { gaussianBlur } from './blur.ts';
import { adjustBrightness, adjustContrast, adjustHue, adjustSaturation, grayscale } from './colour.ts';
import type { AugmentationConfig, AugmentationStep } from './config.ts';
import { eraseRectangle } from './erase.ts';
import { between, drawCrop, mirror, rotation, transform } from './geometry.ts';
import { randAugment } from './rand-augment.ts';
import { mentionsSide } from './side-words.ts';

/** What the chance of an augmentation hangs on: captions that speak of left or right keep the image from being mirrored. */
export interface AugmentationDraw {
  readonly captions: readonly string[];
  readonly random: Random;
}

/** Applies the steps in turn and brings the result to the tower's square; the same stream of chance gives the same pixels.
 * @returns `size` × `size` pixels. */
export function augmentImage(
  image: RawImage,
  steps: AugmentationConfig,
  preprocessing: ImagePreprocessing,
  draw: AugmentationDraw,
): RawImage {
  const framing = drawFraming(image, steps, preprocessing, draw);
  const framed = framing ? resample(image, framing.options) : image;
  return applySteps(framed, steps, framing?.steps ?? 0, preprocessing, draw);
}

/** The steps from number `from` on. */
export function applySteps(
  image: RawImage,
  steps: AugmentationConfig,
  from: number,
  preprocessing: ImagePreprocessing,
  { captions, random }: AugmentationDraw,
): RawImage {
  let result = image;
  for (const [i, step] of steps.entries()) {
    if (i >= from) result = applyStep(result, step, preprocessing, captions, random.fork(i));
  }
  const square = steps.some(({ op }) => op === 'randomResizedCrop'); // it has brought the image to the tower's size
  return square ? result : fitImage(result, preprocessing);
}

/** Draws what one resampling can do of an augmentation: a crop that begins it, and a flip right behind.
 * @returns the resampling, and how many steps it stands for; nothing if the first step is no crop. */
export function drawFraming(
  image: Pick<RawImage, 'width' | 'height'>,
  [crop, flip]: AugmentationConfig,
  { size, interpolation }: ImagePreprocessing,
  { captions, random }: AugmentationDraw,
): { readonly options: ResampleOptions & { readonly region: Rectangle }; readonly steps: number } | undefined {
  if (crop?.op !== 'randomResizedCrop') return undefined;
  const region = drawCrop(image, crop.scale, crop.ratio, random.fork(0));
  const options = { region, width: size, height: size, interpolation };
  if (flip?.op !== 'flip') return { options, steps: 1 };
  const mirrored = random.fork(1).uniform() < flip.probability && !captions.some(mentionsSide);
  return { options: { ...options, mirrored }, steps: 2 };
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
