import { mkdir, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { ExactStore } from '../store/exact/exact-store.ts';
import { StoreError } from '../store/store-error.ts';
import { imageId } from './image-file.ts';
import { readIndexInfo, writeIndexInfo, type IndexInfo } from './index-info.ts';
import { compareIndex, type IndexDifference } from './compare-index.ts';
import { listImages } from './list-images.ts';
import type { ModelConfig } from '../model/model-config.ts';

/** An index of a folder of images, opened. */
export interface ImageIndex {
  /** Folder of the index. */
  readonly folder: string;
  readonly info: IndexInfo;
  readonly store: ExactStore;
}

/** Where the index of `images` stands unless the user says otherwise: in the model's folder, because a folder of
 * photographs is the user's and stays as it is. */
export function defaultIndexFolder(model: string, images: string): string {
  return join(resolve(model), 'index', imageId(resolve(images)));
}

/** Opens the index in `folder` for reading.
 * @throws {StoreError} if there is none, it is damaged, or it was made by another model. */
export async function openImageIndex(folder: string, model: ModelConfig): Promise<ImageIndex> {
  const info = await readIndexInfo(folder);
  if (info === undefined) throw new StoreError(`${folder}: expected an index (index.json), got none`);
  const { embedDim: dim, fingerprint } = model;
  if (info.fingerprint !== fingerprint) {
    const [made, asked] = [info.fingerprint, fingerprint].map((name) => name.slice(0, 12));
    const advice = 'run retrieval:index to build it anew';
    throw new StoreError(`${folder}: expected an index by model ${asked ?? ''}…, got one by ${made ?? ''}…; ${advice}`);
  }
  return { folder, info, store: await ExactStore.open(join(folder, info.store), { dim, fingerprint }) };
}

/** Opens the index of `images` in `folder` for writing; it is made where none stands. Where the index was made by
 * another model, a store is opened beside the old one, which goes on to be read until `publishIndex`. */
export async function openForIndexing(folder: string, images: string, model: ModelConfig): Promise<ImageIndex> {
  const { embedDim: dim, fingerprint } = model;
  await mkdir(folder, { recursive: true });
  const current = await readIndexInfo(folder);
  const isCurrent = current?.fingerprint === fingerprint && current.images === resolve(images);
  const store = `store-${imageId(`${fingerprint} ${resolve(images)}`).slice(0, 12)}`;
  const fresh: IndexInfo = { version: 1, fingerprint, dim, store, images: resolve(images), rejected: [] };
  const info = isCurrent ? current : fresh;
  return { folder, info, store: await ExactStore.open(join(folder, info.store), { dim, fingerprint, writable: true }) };
}

/** Makes what was written the index that is read, and removes stores of other models. */
export async function publishIndex({ folder, info }: ImageIndex): Promise<void> {
  await writeIndexInfo(folder, info);
  for (const name of await readdir(folder)) {
    const isOld = /^store-[\w-]+$/u.test(name) && name !== info.store;
    if (isOld) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Compares the gallery with its index. */
export async function differenceOf({ info, store }: ImageIndex): Promise<IndexDifference> {
  return compareIndex(await listImages(info.images), store.items(), info.rejected);
}
