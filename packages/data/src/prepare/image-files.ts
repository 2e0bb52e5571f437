import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import sharp from 'sharp';

import { readImageBytes } from '../image/image-bytes.ts';
import type { ImageSource } from '../pair.ts';

/** A plain file name for an image: an id may hold separators, which would lead out of the folder. */
export function imageFileName(imageId: string, image: ImageSource): string {
  const extension = extensionOf(image);
  const stem = imageId.endsWith(extension) ? imageId.slice(0, imageId.length - extension.length) : imageId;
  const plain = stem.replace(/[^\p{L}\p{N}._-]/gu, '_');
  if (plain === stem) return `${plain}${extension}`;
  const own = createHash('sha256').update(imageId).digest('hex').slice(0, 8); // "a/b" and "a_b" are two images
  return `${plain}-${own}${extension}`;
}

/** The bytes of an image as a file: as they came, or a PNG of pixels. */
export async function imageFileBytes(image: ImageSource): Promise<Uint8Array> {
  if (!('pixels' in image)) return readImageBytes(image);
  const raw = { width: image.width, height: image.height, channels: 3 } as const;
  return sharp(image.pixels, { raw }).png().toBuffer();
}

function extensionOf(image: ImageSource): string {
  if ('pixels' in image) return '.png';
  const extension = extname('path' in image ? image.path : image.name);
  return /^\.[a-z\d]{2,5}$/iu.test(extension) ? extension : '.jpg';
}
