import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { InputError, namesIn, type Shard } from '@azclip/base';

import {
  differenceOf,
  freshInfo,
  isSameWork,
  openStoreOf,
  publishIndex,
  shardFolder,
  type ImageIndex,
} from '../image-index/image-index.ts';
import { readIndexInfo, type IndexInfo } from '../image-index/index-info.ts';
import { listImages } from '../image-index/list-images.ts';
import type { ModelConfig } from '../model/model-config.ts';
import { ExactStore } from '../store/exact/exact-store.ts';
import type { StoreItem } from '../store/vector-store.ts';

/** What was joined. */
export interface MergedIndex {
  readonly shards: number;
  /** Images in the index. */
  readonly size: number;
}

/** Items that are written at a time. */
const BATCH = 1000;

/** Joins the parts that the jobs of one array have left in `folder` to the index that is read from then on: the same rows in
 * the same order as one job makes. Nothing is embedded, the parts stay.
 * @throws {InputError} naming the part that is missing, unfinished, behind the images, or of other images or another model. */
export async function mergeIndexShards(folder: string, images: string, model: ModelConfig): Promise<MergedIndex> {
  const shards = await shardsIn(folder);
  const parts: ImageIndex[] = [];
  try {
    for (const shard of shards) parts.push(await openPart(folder, images, model, shard));
    const items = new Map<string, StoreItem>();
    for (const part of parts) for (const item of await itemsOf(part)) items.set(item.id, item);
    const rejected = parts.flatMap(({ info }) => info.rejected);
    const listed = await listImages(resolve(images));
    const inOrder = listed.flatMap(({ id }) => items.get(id) ?? []);
    const order = new Map(listed.map(({ file }, i) => [file, i]));
    rejected.sort((a, b) => (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0));
    await writeIndex(folder, { ...freshInfo(images, model), rejected }, inOrder);
    return { shards: shards.length, size: inOrder.length };
  } finally {
    for (const { store } of parts) await store.close();
  }
}

/** The jobs whose parts must be there, the first first. */
async function shardsIn(folder: string): Promise<Shard[]> {
  const names = await namesIn(folder);
  const counts = new Set(names.flatMap((name) => /^shard-\d+-of-(?<count>\d+)$/u.exec(name)?.groups?.count ?? []));
  const [count] = counts;
  if (count === undefined || counts.size > 1) {
    const got = counts.size === 0 ? 'none' : `those of arrays of ${[...counts].join(' and ')} jobs`;
    throw new InputError(`${folder}: expected the folders shard-i-of-n of one array of jobs, got ${got}`);
  }
  return Array.from({ length: Number(count) }, (_, i) => ({ index: i + 1, count: Number(count) }));
}

async function openPart(folder: string, images: string, model: ModelConfig, shard: Shard): Promise<ImageIndex> {
  const place = shardFolder(folder, shard);
  const info = await readIndexInfo(place);
  const run = `run --shard ${String(shard.index)}/${String(shard.count)}`;
  if (!info) throw new InputError(`${place}: expected a finished part (index.json), got none; ${run}`);
  const part = await openStoreOf(place, info, model);
  if (isSameWork(info, freshInfo(images, model, shard))) return part;
  await part.store.close();
  const { index = 1, count = 1 } = info.shard ?? {};
  const [wanted, got] = [
    `part ${String(shard.index)} of ${String(shard.count)}`,
    `${String(index)} of ${String(count)}`,
  ];
  throw new InputError(`${place}: expected ${wanted} of ${resolve(images)}, got ${got} of ${info.images}; ${run}`);
}

/** The rows of a part as they stand for its images today. */
async function itemsOf(part: ImageIndex): Promise<StoreItem[]> {
  const { toEmbed, toDescribe, toDelete } = await differenceOf(part);
  const [first] = toEmbed;
  if (first) {
    const { index, count } = part.info.shard as Shard;
    const others = toEmbed.length === 1 ? '' : ` and ${String(toEmbed.length - 1)} more`;
    const run = `run --shard ${String(index)}/${String(count)} again`;
    throw new InputError(
      `${part.folder}: expected every image of its share, got none of ${first.file}${others}; ${run}`,
    );
  }
  const described = new Map(toDescribe.map((item) => [item.id, item]));
  const gone = new Set(toDelete);
  return Array.from(part.store.items(), (item) => described.get(item.id) ?? item).filter(({ id }) => !gone.has(id));
}

/** Writes a store beside the one that is read, and then makes it that one. */
async function writeIndex(folder: string, fresh: IndexInfo, items: readonly StoreItem[]): Promise<void> {
  const current = await readIndexInfo(folder);
  const info = current?.store === fresh.store ? { ...fresh, store: `${fresh.store}-2` } : fresh;
  const place = join(folder, info.store);
  await rm(place, { recursive: true, force: true }); // what a merge that was cut off has left
  const { fingerprint, dim } = info;
  const store = await ExactStore.open(place, { dim, fingerprint, writable: true });
  try {
    for (let start = 0; start < items.length; start += BATCH) await store.put(items.slice(start, start + BATCH));
    await store.fold();
    await publishIndex({ folder, info, store });
  } finally {
    await store.close();
  }
}
