import { mkdir, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { inShard, type Shard } from '@azclip/base';

import { ExactStore } from '../store/exact/exact-store.ts';
import { otherModel } from '../store/other-model.ts';
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
 * @throws {StoreError} if there is none, it is damaged, a part, or made by another model. */
export async function openImageIndex(folder: string, model: ModelConfig): Promise<ImageIndex> {
  const info = await readIndexInfo(folder);
  if (info === undefined) throw new StoreError(`${folder}: expected an index (index.json), got none`);
  if (info.shard !== undefined) {
    const part = `part ${String(info.shard.index)} of ${String(info.shard.count)}`;
    throw new StoreError(`${folder}: expected a whole index, got ${part}; join the parts by retrieval:index --merge`);
  }
  return openStoreOf(folder, info, model);
}

/** Folder of the part of an index that one of several jobs makes. */
export function shardFolder(folder: string, { index, count }: Shard): string {
  return join(folder, `shard-${String(index)}-of-${String(count)}`);
}

/** Opens what `info` names for reading.
 * @throws {StoreError} if it is damaged or was made by another model. */
export async function openStoreOf(folder: string, info: IndexInfo, model: ModelConfig): Promise<ImageIndex> {
  const { embedDim: dim, fingerprint } = model;
  if (info.fingerprint !== fingerprint) {
    const { message } = otherModel(folder, 'an index', { made: info.fingerprint, asked: fingerprint });
    throw new StoreError(`${message}; run retrieval:index to build it anew`);
  }
  return { folder, info, store: await ExactStore.open(join(folder, info.store), { dim, fingerprint }) };
}

/** Opens the index of `images` in `folder` for writing; it is made where none stands. Where the index was made by
 * another model, a store is opened beside the old one, which goes on to be read until `publishIndex`.
 * @param shard - the share of the images that belongs into it; all by default. */
export async function openForIndexing(
  folder: string,
  images: string,
  model: ModelConfig,
  shard?: Shard,
): Promise<ImageIndex> {
  const { embedDim: dim, fingerprint } = model;
  await mkdir(folder, { recursive: true });
  const current = await readIndexInfo(folder);
  const fresh = freshInfo(images, model, shard);
  const info = current && isSameWork(current, fresh) ? current : fresh;
  return { folder, info, store: await ExactStore.open(join(folder, info.store), { dim, fingerprint, writable: true }) };
}

/** Describes an index of `images` that holds nothing yet. */
export function freshInfo(images: string, { embedDim: dim, fingerprint }: ModelConfig, shard?: Shard): IndexInfo {
  const store = `store-${imageId(`${fingerprint} ${resolve(images)}`).slice(0, 12)}`;
  return { version: 1, fingerprint, dim, store, images: resolve(images), rejected: [], ...(shard && { shard }) };
}

/** Whether an index holds what `wanted` describes: the same images, or share of them, by the same model. */
export function isSameWork(info: IndexInfo, wanted: IndexInfo): boolean {
  if (info.fingerprint !== wanted.fingerprint || info.images !== wanted.images) return false;
  return isDeepStrictEqual(info.shard, wanted.shard);
}

/** Makes what was written the index that is read, and removes stores of other models. */
export async function publishIndex({ folder, info }: ImageIndex): Promise<void> {
  await writeIndexInfo(folder, info);
  for (const name of await readdir(folder)) {
    const isOld = /^store-[\w-]+$/u.test(name) && name !== info.store;
    if (isOld) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Compares the gallery, or the share of it that belongs into it, with its index. */
export async function differenceOf({ info, store }: ImageIndex): Promise<IndexDifference> {
  const images = await listImages(info.images);
  const { shard } = info;
  const wanted = shard ? images.filter(({ id }) => inShard(id, shard)) : images;
  return compareIndex(wanted, store.items(), info.rejected);
}
