import type { Random } from '@azclip/base';

import type { RawImage, Rectangle } from '../image/raw-image.ts';

/** Draws the part of an image that torchvision's RandomResizedCrop would: ten tries at a random area and proportions, then
 * the largest centred part whose proportions are allowed. */
export function drawCrop(
  { width, height }: Pick<RawImage, 'width' | 'height'>,
  scale: readonly [number, number],
  ratio: readonly [number, number],
  random: Random,
): Rectangle {
  for (let attempt = 0; attempt < 10; attempt++) {
    const area = width * height * between(scale, random);
    const proportion = Math.exp(between([Math.log(ratio[0]), Math.log(ratio[1])], random));
    const w = Math.round(Math.sqrt(area * proportion));
    const h = Math.round(Math.sqrt(area / proportion));
    if (w < 1 || h < 1 || w > width || h > height) continue;
    return { left: random.integer(width - w + 1), top: random.integer(height - h + 1), width: w, height: h };
  }
  const proportion = Math.min(ratio[1], Math.max(ratio[0], width / height));
  const w = Math.min(width, Math.max(1, Math.round(height * proportion)));
  const h = Math.min(height, Math.max(1, Math.round(width / proportion)));
  return { left: (width - w) >> 1, top: (height - h) >> 1, width: w, height: h };
}

/** Uniform between two numbers. */
export function between([low, high]: readonly [number, number], random: Random): number {
  return low + (high - low) * random.uniform();
}

/** Left becomes right. */
export function mirror({ pixels, width, height }: RawImage): RawImage {
  const result = new Uint8Array(pixels.length);
  for (let y = 0; y < height; y++) {
    let to = (y + 1) * width * 3 - 3;
    for (let from = y * width * 3, end = from + width * 3; from < end; from += 3, to -= 3) {
      result[to] = pixels[from] as number;
      result[to + 1] = pixels[from + 1] as number;
      result[to + 2] = pixels[from + 2] as number;
    }
  }
  return { pixels: result, width, height };
}

/** From a result position (x, y) to a source position (a·x + b·y + c, d·x + e·y + f), of pixel centres at halves. */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** Moves pixels to their nearest place; black where the source has none. */
export function transform({ pixels, width, height }: RawImage, [a, b, c, d, e, f]: Affine): RawImage {
  const result = new Uint8Array(pixels.length);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const column = Math.floor(a * (x + 0.5) + b * (y + 0.5) + c);
      const row = Math.floor(d * (x + 0.5) + e * (y + 0.5) + f);
      if (column < 0 || row < 0 || column >= width || row >= height) continue;
      const from = (row * width + column) * 3;
      result[at] = pixels[from] as number;
      result[at + 1] = pixels[from + 1] as number;
      result[at + 2] = pixels[from + 2] as number;
    }
  }
  return { pixels: result, width, height };
}

/** A turn against the clock about the middle. */
export function rotation({ width, height }: RawImage, degrees: number): Affine {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const [x, y] = [width / 2, height / 2];
  return [cos, -sin, x - cos * x + sin * y, sin, cos, y - sin * x - cos * y];
}
