import sharp from 'sharp';

import { DataError } from '../issue.ts';
import { imageName, type ImageSource } from '../pair.ts';
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

/** Decodes a JPEG, PNG, WebP, GIF, TIFF or AVIF image to 8-bit sRGB: turned upright as its EXIF data says, colour
 * profile applied, greyscale and CMYK converted, transparency laid over white, the first frame of several.
 * @throws {CorruptImageError} naming the image, if any of its data is damaged, missing or absurdly large. */
export async function decodeImage(source: ImageSource): Promise<RawImage> {
  if ('pixels' in source) return checkedPixels(source);
  const input = 'path' in source ? source.path : source.bytes;
  try {
    const { data, info } = await sharp(input, { failOn: 'error', limitInputPixels: MAX_PIXELS })
      .autoOrient()
      .flatten({ background: '#fff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { pixels: data, width: info.width, height: info.height };
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
    throw new CorruptImageError(imageName(source), `expected an image that decodes whole, got "${reason}"`);
  }
}

function checkedPixels(source: RawImage & { readonly name: string }): RawImage {
  const expected = source.width * source.height * 3;
  if (expected > 0 && source.pixels.length === expected) return source;
  const got = `${String(source.width)} × ${String(source.height)} with ${String(source.pixels.length)} bytes`;
  throw new CorruptImageError(source.name, `expected width × height × 3 bytes, got ${got}`);
}
