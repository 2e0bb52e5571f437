import { mkdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

import { writeFileAtomic } from '@azclip/base';
import { readIndexedImage, type Metadata } from '@azclip/retrieval';
import sharp from 'sharp';

import { httpError } from './http-error.ts';

/** Longer side of a thumbnail, pixels: a grid cell at twice the density. */
const THUMBNAIL = 400;

const types: Readonly<Record<string, string>> = {
  ...{ '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.png': 'image/png', '.webp': 'image/webp', '.gif': 'image/gif' },
  ...{ '.tif': 'image/tiff', '.tiff': 'image/tiff', '.avif': 'image/avif' },
};

/** Bytes of an image and what they are. */
export interface ImageBytes {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
}

/** Reads an image of an index.
 * @param gallery - the folder, manifest or archive that was indexed.
 * @throws 404 if it is gone, or if its name leads out of the folder. */
export async function fullImage(gallery: string, metadata: Metadata): Promise<ImageBytes> {
  const type = types[extname(String(metadata['file'])).toLowerCase()] ?? 'application/octet-stream';
  return { bytes: Uint8Array.from(await bytesOf(gallery, metadata)), type };
}

/** The thumbnail of an image, made when first asked for and kept in `cache`.
 * @param key - names the image and its state, so that a changed image gets a new thumbnail. */
export async function thumbnail(
  gallery: string,
  metadata: Metadata,
  cache: { folder: string; key: string },
): Promise<ImageBytes> {
  const path = join(cache.folder, `${cache.key}.webp`);
  const kept = await readFile(path).catch(() => undefined);
  if (kept) return { bytes: Uint8Array.from(kept), type: 'image/webp' };
  const made = await sharp(await bytesOf(gallery, metadata))
    .autoOrient()
    .resize({ width: THUMBNAIL, height: THUMBNAIL, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 80 })
    .toBuffer();
  await mkdir(cache.folder, { recursive: true });
  await writeFileAtomic(path, made);
  return { bytes: Uint8Array.from(made), type: 'image/webp' };
}

function bytesOf(gallery: string, metadata: Metadata): Promise<Buffer> {
  return readIndexedImage(gallery, metadata).catch((error: unknown) => {
    throw httpError(404, error instanceof Error ? error.message : String(error));
  });
}
