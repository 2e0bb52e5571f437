import type { Random } from '@azclip/base';

import type { RawImage } from '../image/raw-image.ts';
import { between } from './geometry.ts';

/** Fills a rectangle of random area and proportions with noise; ten tries to find one that fits, as in torchvision.
 * @see Zhong et al. 2017, https://arxiv.org/abs/1708.04896 */
export function eraseRectangle(
  image: RawImage,
  scale: readonly [number, number],
  ratio: readonly [number, number],
  random: Random,
): RawImage {
  const { width, height } = image;
  for (let attempt = 0; attempt < 10; attempt++) {
    const area = width * height * between(scale, random);
    const proportion = Math.exp(between([Math.log(ratio[0]), Math.log(ratio[1])], random));
    const w = Math.round(Math.sqrt(area * proportion));
    const h = Math.round(Math.sqrt(area / proportion));
    if (w < 1 || h < 1 || w >= width || h >= height) continue;
    const [left, top] = [random.integer(width - w + 1), random.integer(height - h + 1)];
    const pixels = Uint8Array.from(image.pixels);
    for (let y = top; y < top + h; y++) {
      for (let i = (y * width + left) * 3; i < (y * width + left + w) * 3; i++) pixels[i] = random.integer(256);
    }
    return { pixels, width, height };
  }
  return image;
}
