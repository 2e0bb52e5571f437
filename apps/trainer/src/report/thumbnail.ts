import { readImageBytes, type ImageSource } from '@azclip/data';
import sharp, { type Sharp } from 'sharp';

/** A small JPEG of an image as a data URI, for pages that stand alone.
 * @param size - of the longer side, pixels. */
export async function thumbnail(image: ImageSource, size = 112): Promise<string> {
  const picture = await open(image);
  const jpeg = await picture.rotate().resize(size, size, { fit: 'inside' }).jpeg({ quality: 72 }).toBuffer();
  return `data:image/jpeg;base64,${jpeg.toString('base64')}`;
}

async function open(image: ImageSource): Promise<Sharp> {
  if (!('pixels' in image)) return sharp(await readImageBytes(image));
  return sharp(image.pixels, { raw: { width: image.width, height: image.height, channels: 3 } });
}
