import { imageName, readImageBytes, type ImagePreprocessing, type ImageSource } from '@azclip/data';
import { InputError } from '@azclip/base';
import { createHash, type Hash } from 'node:crypto';

import type { ImageTower } from '../image-tower.ts';

/** Counts changes of what a cache file means; another number is another cache. */
const formatVersion = 1;

/** What features depend on beside the image: weights, form and preprocessing, as one hash.
 * @throws {RangeError} for a tower that learns: its features change. */
export function towerKey({ name, fingerprint, preprocessing, featureDim }: FixedTower): string {
  if (fingerprint === undefined)
    throw new RangeError(`${name}: expected a frozen tower, its features are to be stored`);
  const parts = [formatVersion, fingerprint, featureDim, ...inOrder(preprocessing)];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** What a cache must know of a tower. */
export type FixedTower = Pick<ImageTower, 'name' | 'fingerprint' | 'preprocessing' | 'featureDim'>;

const inOrder = ({ size, resize, fit, interpolation, mean, std }: ImagePreprocessing): readonly unknown[] => [
  size,
  resize,
  fit,
  interpolation,
  mean,
  std,
];

/** An image that was read. */
export type ImageInMemory = Extract<ImageSource, { readonly bytes: Uint8Array } | { readonly pixels: Uint8Array }>;

/** Reads a source whole, so that it is read once for its key and its pixels.
 * @throws {InputError} naming the file that cannot be read. */
export async function readSource(source: ImageSource): Promise<ImageInMemory> {
  if ('pixels' in source) return source;
  const name = imageName(source);
  try {
    return { bytes: await readImageBytes(source), name };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new InputError(`${name}: expected a readable file, got ${code ?? message}`);
  }
}

/** SHA-256 of the bytes of an image file, or of its pixels and their size; of a view of it, also of the view's key.
 * @returns 32 bytes. */
export function imageKey(source: ImageInMemory, view?: string): Buffer {
  const hash = hashOf(source);
  return (view === undefined ? hash : hash.update(`view:${view}`)).digest();
}

function hashOf(source: ImageInMemory): Hash {
  const hash = createHash('sha256');
  if ('bytes' in source) return hash.update(source.bytes);
  return hash.update(`${String(source.width)}×${String(source.height)}:`).update(source.pixels);
}
