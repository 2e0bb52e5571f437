import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { writeFileAtomic } from '@azclip/base';

import type { ImageSource } from '../pair.ts';

/** Puts the images of a row group where they can be read one by one. */
export type KeepImages = (
  images: readonly (ImageSource | undefined)[],
  group: number,
) => Promise<(ImageSource | undefined)[]>;

/** Copies images that stand in a Parquet file, where they are compressed page by page, into files of `folder`, one behind the
 * other, a file a row group; another time the files are found by the name, size and time of the Parquet file.
 * @returns what gives, for images in memory, where they stand now. */
export async function keepImagesIn(folder: string, path: string, column: string): Promise<KeepImages> {
  const { size, mtimeMs } = await stat(path);
  const key = createHash('sha256').update(JSON.stringify([resolve(path), size, mtimeMs, column]));
  const place = join(folder, key.digest('hex').slice(0, 32));
  return async (images, group) => {
    const archive = join(place, `${String(group).padStart(6, '0')}.bin`);
    const parts: Uint8Array[] = [];
    let length = 0;
    const kept = images.map((image) => {
      if (!image || !('bytes' in image)) return image;
      const source = { archive, start: length, length: image.bytes.length, name: image.name };
      parts.push(image.bytes);
      length += image.bytes.length;
      return source;
    });
    if (length > 0 && (await sizeOf(archive)) !== length) await writeFileAtomic(archive, parts);
    return kept;
  };
}

const sizeOf = (path: string): Promise<number | undefined> =>
  stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
