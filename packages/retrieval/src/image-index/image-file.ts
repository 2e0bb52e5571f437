import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

import { StoreError } from '../store/store-error.ts';

/** An image of a folder. */
export interface ImageFile {
  /** Name in the index, made of `file`: safe in addresses, the same as long as the file stays where it is. */
  readonly id: string;
  /** Path from the folder, parts joined by `/`. */
  readonly file: string;
  /** Path to open. */
  readonly path: string;
  /** Size in bytes. */
  readonly bytes: number;
  /** Time of the last change, milliseconds since 1970. */
  readonly modified: number;
}

const imageName = /\.(?:jpe?g|png|webp|gif|tiff?|avif)$/iu;

/** Name in the index of the image that `key` (a relative path, or a manifest's own id) stands for. */
export function imageId(key: string): string {
  return createHash('sha256').update(key.normalize('NFC')).digest('base64url').slice(0, 22); // 132 bits: no collisions
}

/** Lists the images of `folder` and the folders in it, by name; hidden files and folders are passed over.
 * @throws {StoreError} if the folder cannot be read. */
export async function listImages(folder: string): Promise<ImageFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new StoreError(`${folder}: expected a folder of images, got ${reason}`);
  });
  const paths = entries
    .filter((entry) => !entry.isDirectory() && imageName.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (path) =>
        !relative(folder, path)
          .split(sep)
          .some((part) => part.startsWith('.')),
    )
    .sort();
  return Promise.all(paths.map((path) => describe(folder, path)));
}

async function describe(folder: string, path: string): Promise<ImageFile> {
  const file = relative(folder, path).split(sep).join('/');
  const { size, mtimeMs } = await stat(path).catch(() => ({ size: 0, mtimeMs: 0 })); // a dangling link: fails when read
  return { id: imageId(file), file, path, bytes: size, modified: Math.round(mtimeMs) };
}
