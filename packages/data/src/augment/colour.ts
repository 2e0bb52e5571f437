import type { RawImage } from '../image/raw-image.ts';

const { trunc } = Math;

/** Rec. 601 brightness, in whole numbers of 2^−16 as Pillow has it. */
function luma(r: number, g: number, b: number): number {
  return (19595 * r + 38470 * g + 7471 * b + 0x8000) >> 16;
}

/** The image whose pixels all have their brightness in each channel. */
export function grayscale(image: RawImage): RawImage {
  const pixels = new Uint8Array(image.pixels.length);
  for (let i = 0; i < pixels.length; i += 3) {
    const grey = luma(image.pixels[i] as number, image.pixels[i + 1] as number, image.pixels[i + 2] as number);
    pixels.fill(grey, i, i + 3);
  }
  return { ...image, pixels };
}

/** `base` + factor · (image − base), clamped; values are cut to whole numbers as in Pillow. */
function blend(image: RawImage, base: (i: number) => number, factor: number): RawImage {
  const pixels = new Uint8ClampedArray(image.pixels.length);
  for (let i = 0; i < pixels.length; i++) {
    const below = base(i);
    pixels[i] = trunc(below + factor * ((image.pixels[i] as number) - below));
  }
  return { ...image, pixels: new Uint8Array(pixels.buffer) };
}

/** Brightness times `factor`: a blend with black. */
export function adjustBrightness(image: RawImage, factor: number): RawImage {
  return blend(image, () => 0, factor);
}

/** Contrast times `factor`: a blend with the mean brightness. */
export function adjustContrast(image: RawImage, factor: number): RawImage {
  const { pixels } = grayscale(image);
  let sum = 0;
  for (let i = 0; i < pixels.length; i += 3) sum += pixels[i] as number;
  const mean = trunc((sum * 3) / pixels.length + 0.5);
  return blend(image, () => mean, factor);
}

/** Saturation times `factor`: a blend with the grey image. */
export function adjustSaturation(image: RawImage, factor: number): RawImage {
  const grey = grayscale(image).pixels;
  return blend(image, (i) => grey[i] as number, factor);
}

/** Sharpness times `factor`: a blend with the smoothed image, whose pixels are means of 3 × 3 with weight 5 in the middle;
 * the border stays. */
export function adjustSharpness(image: RawImage, factor: number): RawImage {
  const { pixels, width, height } = image;
  const smooth = Uint8Array.from(pixels);
  const stride = width * 3;
  for (let y = 1; y < height - 1; y++) {
    for (let i = y * stride + 3; i < (y + 1) * stride - 3; i++) {
      let sum = 4 * (pixels[i] as number);
      for (const row of [i - stride, i, i + stride]) {
        sum += (pixels[row - 3] as number) + (pixels[row] as number) + (pixels[row + 3] as number);
      }
      smooth[i] = trunc(sum / 13 + 0.5);
    }
  }
  return blend(image, (i) => smooth[i] as number, factor);
}

/** Turns the hue by `turn` of a full circle; brightness and saturation in the sense of HSV stay. */
export function adjustHue(image: RawImage, turn: number): RawImage {
  const pixels = new Uint8Array(image.pixels.length);
  for (let i = 0; i < pixels.length; i += 3) {
    const [r, g, b] = [image.pixels[i] as number, image.pixels[i + 1] as number, image.pixels[i + 2] as number];
    const most = Math.max(r, g, b);
    const spread = most - Math.min(r, g, b);
    const sixth = 6 * (hueOf(r, g, b, most, spread) + turn);
    for (const [channel, shift] of [5, 3, 1].entries()) {
      const k = (((sixth + shift) % 6) + 6) % 6;
      pixels[i + channel] = Math.round(most - spread * Math.max(0, Math.min(k, 4 - k, 1)));
    }
  }
  return { ...image, pixels };
}

/** Hue as a part of the circle, red at 0. */
function hueOf(r: number, g: number, b: number, most: number, spread: number): number {
  if (spread === 0) return 0;
  if (most === r) return (g - b) / spread / 6;
  return most === g ? ((b - r) / spread + 2) / 6 : ((r - g) / spread + 4) / 6;
}

/** Each value through a table by channel. */
function lookUp(image: RawImage, tables: readonly Uint8Array[]): RawImage {
  return { ...image, pixels: image.pixels.map((value, i) => (tables[i % 3] as Uint8Array)[value] as number) };
}

/** Keeps the highest `bits` of each value. */
export function posterize(image: RawImage, bits: number): RawImage {
  const mask = 256 - 2 ** (8 - bits);
  return { ...image, pixels: image.pixels.map((value) => value & mask) };
}

/** Turns values of at least `threshold` into their opposite. */
export function solarize(image: RawImage, threshold: number): RawImage {
  return { ...image, pixels: image.pixels.map((value) => (value >= threshold ? 255 - value : value)) };
}

/** How often each value occurs in each channel. */
function histograms({ pixels }: RawImage): Uint32Array[] {
  const counts = [new Uint32Array(256), new Uint32Array(256), new Uint32Array(256)];
  pixels.forEach((value, i) => {
    const channel = counts[i % 3] as Uint32Array;
    channel[value] = (channel[value] as number) + 1;
  });
  return counts;
}

/** Stretches each channel from its least and greatest value to 0 … 255. */
export function autoContrast(image: RawImage): RawImage {
  const tables = histograms(image).map((counts) => {
    const low = counts.findIndex((count) => count > 0);
    const high = counts.findLastIndex((count) => count > 0);
    const scale = high > low ? 255 / (high - low) : 1;
    const offset = high > low ? -low * scale : 0;
    return Uint8Array.from({ length: 256 }, (_, v) => Math.min(255, Math.max(0, trunc(v * scale + offset))));
  });
  return lookUp(image, tables);
}

/** Spreads the values of each channel so that all occur about equally often, as Pillow does. */
export function equalize(image: RawImage): RawImage {
  const tables = histograms(image).map((counts) => {
    const used = counts.filter((count) => count > 0);
    const step = Math.floor((used.reduce((a, b) => a + b, 0) - (used.at(-1) ?? 0)) / 255);
    if (used.length <= 1 || step === 0) return Uint8Array.from({ length: 256 }, (_, v) => v);
    let sum = step >> 1;
    return Uint8Array.from(counts, (count) => {
      const value = Math.min(255, Math.floor(sum / step));
      sum += count;
      return value;
    });
  });
  return lookUp(image, tables);
}
