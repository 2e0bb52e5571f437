import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '@azclip/base';

import type { Pair } from './pair.ts';
import { imageFileBytes, imageFileName } from './prepare/image-files.ts';

/** Writes pairs as a folder of image files and `captions.jsonl` with lines `{image, captions}`. Pixels become PNG; images
 * that are files or bytes already keep their form.
 * @returns the number of images. */
export async function writeGallery(pairs: AsyncIterable<Pair> | Iterable<Pair>, folder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  const lines: string[] = [];
  for await (const { imageId, image, captions } of pairs) {
    const name = imageFileName(imageId, image);
    if ('path' in image) await copyFile(image.path, join(folder, name));
    else await writeFileAtomic(join(folder, name), await imageFileBytes(image));
    lines.push(`${JSON.stringify({ image: name, captions })}\n`);
  }
  await writeFileAtomic(join(folder, 'captions.jsonl'), lines.join(''));
  return lines.length;
}
