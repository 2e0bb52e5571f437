import { open, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';

import { StoreError } from '../store/store-error.ts';
import type { ImagePlace } from './image-file.ts';
import type { Metadata } from '../store/vector-store.ts';

/** Reads an image where it stands.
 * @param bytes - its size. */
export async function readPlace({ path, archive }: ImagePlace, bytes: number): Promise<Buffer> {
  if (archive === undefined) return readFile(path);
  const file = await open(path);
  try {
    const content = Buffer.alloc(bytes);
    const { bytesRead } = await file.read(content, 0, bytes, archive.start);
    return content.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Reads an image of an index.
 * @param gallery - the folder, manifest or archive that was indexed.  @param metadata - of the item.
 * @throws {StoreError} if it is gone, or its name leads out of the folder. */
export async function readIndexedImage(gallery: string, metadata: Metadata): Promise<Buffer> {
  try {
    return await readPlace(await placeOf(gallery, metadata), Number(metadata['bytes']));
  } catch {
    throw new StoreError('the image is no longer where it was indexed');
  }
}

/** Path of an image of an index that is a file of its own; undefined for a member of an archive. */
export function indexedPath(gallery: string, { file, part }: Metadata): string | undefined {
  if (part !== undefined) return undefined;
  return gallery.endsWith('.jsonl') ? resolve(dirname(gallery), String(file)) : join(gallery, String(file));
}

async function placeOf(gallery: string, metadata: Metadata): Promise<ImagePlace> {
  if (gallery.endsWith('.jsonl')) return { path: resolve(dirname(gallery), String(metadata['file'])) }; // as it says
  const { part } = metadata;
  if (part !== undefined) {
    const path = gallery.endsWith('.tar') ? gallery : await inside(gallery, String(part));
    return { path, archive: { part: String(part), start: Number(metadata['start']) } };
  }
  return { path: await inside(gallery, String(metadata['file'])) };
}

/** The real path of a file that must lie in `folder`. */
async function inside(folder: string, file: string): Promise<string> {
  const [root, path] = await Promise.all([realpath(folder), realpath(join(folder, file))]);
  if (path.startsWith(root + sep)) return path;
  throw new StoreError(`${basename(file)}: expected a file in the folder that was indexed`);
}
