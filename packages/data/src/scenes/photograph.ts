import type { Random } from '@azclip/base';

import type { RawImage } from '../image/raw-image.ts';

/** Makes a drawing look taken by a camera: light from one side, a colour cast, a slight blur and grain. */
export function photograph(image: RawImage, random: Random): RawImage {
  const { width, height } = image;
  const angle = random.uniform() * 2 * Math.PI;
  const strength = 0.25 * random.uniform();
  const cast = [0, 1, 2].map(() => 0.92 + 0.12 * random.uniform());
  const grain = 6 + 8 * random.uniform();
  const pixels = new Uint8ClampedArray(image.pixels.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const along = (x / width - 0.5) * Math.cos(angle) + (y / height - 0.5) * Math.sin(angle);
      const light = 1 + 2 * strength * along;
      const noise = grain * random.normal();
      for (let channel = 0; channel < 3; channel++) {
        const value = softened(image, x, y, channel) * light * (cast[channel] as number);
        pixels[(y * width + x) * 3 + channel] = value + noise;
      }
    }
  }
  return { pixels: new Uint8Array(pixels.buffer), width, height };
}

/** Half the pixel and an eighth of each of its four neighbours. */
function softened({ pixels, width, height }: RawImage, x: number, y: number, channel: number): number {
  const at = (column: number, row: number): number =>
    pixels[
      (Math.min(height - 1, Math.max(0, row)) * width + Math.min(width - 1, Math.max(0, column))) * 3 + channel
    ] as number;
  return at(x, y) / 2 + (at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1)) / 8;
}
