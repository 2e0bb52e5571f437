import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';

import type { Metadata } from '../store/vector-store.ts';

/** Where the bytes of an image stand: in a file of its own, or in an archive. */
export interface ImagePlace {
  /** Of the file or the archive. */
  readonly path: string;
  /** Name of the archive from the folder that is indexed, and where in it the image begins. */
  readonly archive?: { readonly part: string; readonly start: number };
}

/** An image of a gallery. */
export interface ImageFile {
  /** Name in the index, made of `file` or of a manifest's own id: safe in addresses, the same as long as that stays. */
  readonly id: string;
  /** Path from the folder, parts joined by `/`; of a member, its name in the archive. */
  readonly file: string;
  readonly place: ImagePlace;
  /** Size in bytes. */
  readonly bytes: number;
  /** Time of the last change of the file or archive, milliseconds since 1970. */
  readonly modified: number;
  /** What else is known of it, such as `caption`; searches can be narrowed by it. */
  readonly facts: Metadata;
}

/** Names of files that are taken for images. */
export const imageName = /\.(?:jpe?g|png|webp|gif|tiff?|avif)$/iu;

/** Name in the index of the image that `key` (a relative path, or a manifest's own id) stands for. */
export function imageId(key: string): string {
  return createHash('sha256').update(key.normalize('NFC')).digest('base64url').slice(0, 22); // 132 bits: no collisions
}

/** Size and time of change of a file; of one that is gone 0, so that its reading reports it. */
export async function fileState(path: string): Promise<{ readonly bytes: number; readonly modified: number }> {
  const { size, mtimeMs } = await stat(path).catch(() => ({ size: 0, mtimeMs: 0 }));
  return { bytes: size, modified: Math.round(mtimeMs) };
}

/** Keeps of a record what a store can filter by: text, numbers, true and false. */
export function flatFacts(record: Readonly<Record<string, unknown>>): Metadata {
  const isFlat = (value: unknown): value is Metadata[string] => ['string', 'number', 'boolean'].includes(typeof value);
  return Object.fromEntries(
    Object.entries(record).flatMap(([key, value]) => (isFlat(value) ? [[key, value] as const] : [])),
  );
}
