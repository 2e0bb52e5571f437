import { resolve } from 'node:path';

import { InputError } from '@azclip/base';
import {
  defaultIndexFolder,
  differenceOf,
  openImageIndex,
  readIndexInfo,
  type ImageIndex,
  type ModelVariant,
} from '@azclip/retrieval';

import type { Embedder } from './embedder.ts';

/** Where a command finds its index. */
export interface IndexPlace {
  readonly model: string;
  readonly variant?: ModelVariant;
  readonly images?: string;
  readonly index?: string;
}

/** Folder of the index that the options name.
 * @throws {InputError} if they name none. */
export function indexFolder({ model, images, index }: IndexPlace): string {
  if (index !== undefined) return index;
  if (images !== undefined) return defaultIndexFolder(model, images);
  throw new InputError('--images or --index: expected a folder of images or of an index, got neither');
}

/** Opens the index that the options name; where they name a folder of images, it is indexed first if need be. */
export async function openIndexOf(embedder: Embedder, place: IndexPlace): Promise<ImageIndex> {
  const folder = indexFolder(place);
  const { images } = place;
  if (images === undefined) return openImageIndex(folder, embedder.config);
  const current = await openIfUpToDate(embedder, images, folder);
  if (current !== undefined) return current;
  const { indexWithProgress } = await import('./index-progress.ts');
  await indexWithProgress(embedder, { images, folder });
  return openImageIndex(folder, embedder.config);
}

async function openIfUpToDate({ config }: Embedder, images: string, folder: string): Promise<ImageIndex | undefined> {
  const info = await readIndexInfo(folder);
  if (info?.fingerprint !== config.fingerprint || info.images !== resolve(images)) return undefined;
  const index = await openImageIndex(folder, config);
  const { toEmbed, toDescribe, toDelete } = await differenceOf(index);
  return [toEmbed, toDescribe, toDelete].every(({ length }) => length === 0) ? index : undefined;
}
