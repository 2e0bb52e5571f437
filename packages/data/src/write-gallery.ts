import { copyFile, mkdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { writeFileAtomic } from '@azclip/base';
import sharp from 'sharp';

import type { ImageSource, Pair } from './pair.ts';

/** Writes pairs as a folder of image files and `captions.jsonl` with lines `{image, captions}`. Pixels become PNG; images
 * that are files or bytes already keep their form.
 * @returns the number of images. */
export async function writeGallery(pairs: AsyncIterable<Pair> | Iterable<Pair>, folder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  const lines: string[] = [];
  for await (const { imageId, image, captions } of pairs) {
    const name = fileName(imageId, image);
    await writeImage(image, join(folder, name));
    lines.push(`${JSON.stringify({ image: name, captions })}\n`);
  }
  await writeFileAtomic(join(folder, 'captions.jsonl'), lines.join(''));
  return lines.length;
}

/** A plain file name: an id may hold separators, which would lead out of the folder. */
function fileName(imageId: string, image: ImageSource): string {
  const extension = 'path' in image ? extname(image.path) : 'bytes' in image ? extname(image.name) : '.png';
  const stem = imageId.endsWith(extension) ? imageId.slice(0, imageId.length - extension.length) : imageId;
  return `${stem.replace(/[^\p{L}\p{N}._-]/gu, '_')}${extension}`;
}

async function writeImage(image: ImageSource, path: string): Promise<void> {
  if ('path' in image) await copyFile(image.path, path);
  else if ('bytes' in image) await writeFileAtomic(path, image.bytes);
  else {
    const raw = { width: image.width, height: image.height, channels: 3 } as const;
    await writeFileAtomic(path, await sharp(image.pixels, { raw }).png().toBuffer());
  }
}
