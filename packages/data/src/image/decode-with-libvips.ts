import sharp from 'sharp';

import { DataError } from '../issue.ts';
import type { RawImage } from './raw-image.ts';

/** Above this many pixels an image is taken for a decompression bomb; 100 M pixels are 300 MB decoded. */
const MAX_PIXELS = 100_000_000;

/** An image that cannot be decoded whole. */
export class CorruptImageError extends DataError {
  override readonly name = 'CorruptImageError';

  /** @param image - path or name. */
  constructor(image: string, message: string) {
    super({ kind: 'corrupt-image', place: image, message });
  }
}

/** Decodes whatever libvips reads, to 8-bit sRGB.
 * @throws {CorruptImageError} naming the image, if any of its data is damaged, missing or absurdly large. */
export async function decodeWithLibvips(bytes: Uint8Array, name: string): Promise<RawImage> {
  try {
    const { data, info } = await sharp(bytes, { failOn: 'error', limitInputPixels: MAX_PIXELS })
      .autoOrient()
      .flatten({ background: '#fff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { pixels: data, width: info.width, height: info.height };
  } catch (error) {
    throw corrupt(name, error);
  }
}

/** The error that says what is wrong with an image. */
export function corrupt(name: string, error: unknown): CorruptImageError {
  const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  return new CorruptImageError(name, `expected an image that decodes whole, got "${reason}"`);
}

/** Pixels that were handed in, if there are as many as their size says.
 * @throws {CorruptImageError} naming the image otherwise. */
export function checkedPixels(source: RawImage & { readonly name: string }): RawImage {
  const expected = source.width * source.height * 3;
  if (expected > 0 && source.pixels.length === expected) return source;
  const got = `${String(source.width)} × ${String(source.height)} with ${String(source.pixels.length)} bytes`;
  throw new CorruptImageError(source.name, `expected width × height × 3 bytes, got ${got}`);
}
