import type { ImageSource } from '../pair.ts';
import { decodeRegion, openImage, type OpenImage } from './open-image.ts';
import type { RawImage } from './raw-image.ts';

/** Decodes a JPEG, PNG, WebP, GIF, TIFF or AVIF image to 8-bit sRGB: turned upright as its EXIF data says, colour
 * profile applied, greyscale and CMYK converted, transparency laid over white, the first frame of several.
 * @throws {CorruptImageError} naming the image, if any of its data is damaged, missing or absurdly large. */
export async function decodeImage(source: ImageSource): Promise<RawImage> {
  return decodeWhole(await openImage(source));
}

/** All pixels of an image that was opened.
 * @throws {CorruptImageError} as above. */
export async function decodeWhole(image: OpenImage): Promise<RawImage> {
  if ('pixels' in image) return image;
  const { width, height } = image;
  const { kernel, pixels } = await decodeRegion(image, { left: 0, top: 0, width, height });
  return {
    pixels: typeof pixels === 'number' ? kernel.bytes(pixels, width * height * 3).slice() : pixels,
    width,
    height,
  };
}
