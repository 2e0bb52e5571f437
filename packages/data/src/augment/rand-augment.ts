import type { Random } from '@azclip/base';

import type { RawImage } from '../image/raw-image.ts';
import {
  adjustBrightness,
  adjustContrast,
  adjustSaturation,
  adjustSharpness,
  autoContrast,
  equalize,
  posterize,
  solarize,
} from './colour.ts';
import { rotation, transform } from './geometry.ts';

/** Strength from 0 to 1, and its sign where the operation has two directions. */
type Operation = (image: RawImage, strength: number, sign: 1 | -1) => RawImage;

/** The fourteen operations with torchvision's ranges. */
const OPERATIONS: readonly Operation[] = [
  (image) => image,
  (image, m, sign) => transform(image, [1, 0.3 * m * sign, 0, 0, 1, 0]),
  (image, m, sign) => transform(image, [1, 0, 0, 0.3 * m * sign, 1, 0]),
  (image, m, sign) => transform(image, [1, 0, Math.trunc((150 / 331) * image.width * m) * sign, 0, 1, 0]),
  (image, m, sign) => transform(image, [1, 0, 0, 0, 1, Math.trunc((150 / 331) * image.height * m) * sign]),
  (image, m, sign) => transform(image, rotation(image, 30 * m * sign)),
  (image, m, sign) => adjustBrightness(image, 1 + 0.9 * m * sign),
  (image, m, sign) => adjustSaturation(image, 1 + 0.9 * m * sign),
  (image, m, sign) => adjustContrast(image, 1 + 0.9 * m * sign),
  (image, m, sign) => adjustSharpness(image, 1 + 0.9 * m * sign),
  (image, m) => posterize(image, 8 - Math.round(4 * m)),
  (image, m) => solarize(image, 255 * (1 - m)),
  autoContrast,
  equalize,
];

/** Applies `count` operations, each drawn from fourteen, of strength `magnitude` of 30.
 * @see Cubuk et al. 2019, https://arxiv.org/abs/1909.13719 */
export function randAugment(image: RawImage, count: number, magnitude: number, random: Random): RawImage {
  let result = image;
  for (let i = 0; i < count; i++) {
    const operation = OPERATIONS[random.integer(OPERATIONS.length)] as Operation;
    result = operation(result, magnitude / 30, random.integer(2) === 0 ? 1 : -1);
  }
  return result;
}
