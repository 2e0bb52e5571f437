import { InputError } from '@azclip/base';
import { preprocessImage, type ImageSource } from '@azclip/data';

import { imageMetadata } from '../image-index/compare-index.ts';
import { differenceOf, publishIndex, type ImageIndex } from '../image-index/image-index.ts';
import { readPlace } from '../image-index/read-image.ts';
import type { ImageFile } from '../image-index/image-file.ts';
import type { IndexInfo } from '../image-index/index-info.ts';
import type { Model } from '../model/open-model.ts';
import type { StoreItem } from '../store/vector-store.ts';

/** How far the indexing of a folder has come. */
export interface IndexReport {
  /** Images looked at so far, those rejected included. */
  readonly done: number;
  /** Images to look at. */
  readonly total: number;
  /** Images of this step that could not be decoded; the reason names the path. */
  readonly rejected: IndexInfo['rejected'];
}

/** How an index is brought up to date. */
export interface UpdateOptions {
  /** Images embedded and acknowledged at a time; default 32. */
  readonly batch?: number;
  /** Ends the work after the batch in progress; the next run goes on from there. */
  readonly signal?: AbortSignal;
}

/** Brings an index opened for indexing up to date with its folder: embeds new and changed images, drops those that are
 * gone, and makes the result the one that is read. It may be cut off at any time: what was embedded stays.
 * @yields after every batch, once at the start. */
export async function* updateIndex(
  index: ImageIndex,
  model: Model,
  { batch = 32, signal }: UpdateOptions = {},
): AsyncGenerator<IndexReport> {
  const { toEmbed, toDescribe, toDelete } = await differenceOf(index);
  const total = toEmbed.length;
  yield { done: 0, total, rejected: [] };
  if (toDescribe.length > 0) await index.store.put(toDescribe);
  if (toDelete.length > 0) await index.store.delete(toDelete);
  const changed = new Set(toEmbed.map(({ file }) => file));
  const rejected = index.info.rejected.filter(({ file }) => !changed.has(file));
  let next = decodeBatch(toEmbed.slice(0, batch), model);
  for (let start = 0; start < total && signal?.aborted !== true; start += batch) {
    const decoded = await next;
    next = decodeBatch(toEmbed.slice(start + batch, start + 2 * batch), model); // decodes while the tower runs
    next.catch(() => undefined); // it is awaited in the next round, unless this one fails first
    const items = await embed(decoded.images, model);
    if (items.length > 0) await index.store.put(items);
    rejected.push(...decoded.rejected);
    yield { done: Math.min(start + batch, total), total, rejected: decoded.rejected };
  }
  if (signal?.aborted === true) return; // half an index is no index: the next run goes on from here
  await index.store.fold();
  await publishIndex({ ...index, info: { ...index.info, rejected } });
}

interface DecodedBatch {
  readonly images: readonly { readonly image: ImageFile; readonly pixels: Float32Array }[];
  readonly rejected: IndexInfo['rejected'];
}

async function decodeBatch(files: readonly ImageFile[], model: Model): Promise<DecodedBatch> {
  const results = await Promise.all(files.map((image) => decode(image, model)));
  return {
    images: results.flatMap(({ image, pixels }) => (pixels instanceof Float32Array ? [{ image, pixels }] : [])),
    rejected: results.flatMap(({ image: { file, modified }, pixels: reason }) =>
      typeof reason === 'string' ? [{ file, modified, reason }] : [],
    ),
  };
}

/** The pixels of an image, or why it has none. */
async function decode(
  image: ImageFile,
  { config }: Model,
): Promise<{ readonly image: ImageFile; readonly pixels: Float32Array | string }> {
  try {
    return { image, pixels: await preprocessImage(await sourceOf(image), config.preprocessing) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { image, pixels: error.message };
  }
}

/** A file is read by the decoder; a member of an archive is handed to it. */
async function sourceOf({ file, place, bytes }: ImageFile): Promise<ImageSource> {
  if (place.archive === undefined) return { path: place.path };
  return { bytes: await readPlace(place, bytes), name: `${place.path}/${file}` };
}

/** ONNX Runtime multiplies a single row by another kernel, whose sums differ in the last bit. With a second row, of zeros, an
 * image has the same vector whatever else is embedded with it, and an index made in parts is that made at once (decision 0150). */
const FEWEST_ROWS = 2;

async function embed(images: DecodedBatch['images'], model: Model): Promise<StoreItem[]> {
  const [first] = images;
  if (first === undefined) return [];
  const rows = Math.max(images.length, FEWEST_ROWS);
  const pixels = new Float32Array(rows * first.pixels.length);
  images.forEach((image, i) => {
    pixels.set(image.pixels, i * first.pixels.length);
  });
  const features = await model.embedImages(pixels, rows);
  const { embedDim } = model.config;
  return images.map(({ image }, i) => {
    const vector = features.slice(i * embedDim, (i + 1) * embedDim);
    return { id: image.id, vector, metadata: imageMetadata(image) };
  });
}
