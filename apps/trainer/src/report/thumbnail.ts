import type { ImageSource } from '@azclip/data';
import sharp, { type Sharp } from 'sharp';

/** A small JPEG of an image as a data URI, for pages that stand alone.
 * @param size - of the longer side, pixels. */
export async function thumbnail(image: ImageSource, size = 112): Promise<string> {
  const jpeg = await open(image).rotate().resize(size, size, { fit: 'inside' }).jpeg({ quality: 72 }).toBuffer();
  return `data:image/jpeg;base64,${jpeg.toString('base64')}`;
}

function open(image: ImageSource): Sharp {
  if ('path' in image) return sharp(image.path);
  if ('bytes' in image) return sharp(image.bytes);
  return sharp(image.pixels, { raw: { width: image.width, height: image.height, channels: 3 } });
}
