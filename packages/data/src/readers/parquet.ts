import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { InputError } from '@azclip/base';
import { z } from 'zod';

import { raiseIssue } from '../issue.ts';
import type { ImageSource, Pair, Split } from '../pair.ts';
import { localCopy } from '../remote/local-copy.ts';
import { isUrl } from '../remote/open-url.ts';
import { expandPaths } from './expand-paths.ts';
import { fileExists } from './file-exists.ts';
import { keepImagesIn, type KeepImages } from './parquet-images.ts';
import { readParquetGroups, type ParquetRow } from './parquet-rows.ts';
import type { ReadOptions } from './read-options.ts';
import type { ParquetConfig } from './reader-configs.ts';

const bytes = z.instanceof(Uint8Array);
const embedded = z.looseObject({ bytes: bytes.nullish(), path: z.string().nullish() });
const caption = z.union([z.string(), z.array(z.string())]);

/** Streams the rows of Parquet files, one row group in memory at a time; neighbouring rows of one image become one pair.
 * @throws {InputError} if a file is damaged or lacks a column, or, under `onInvalid: fail`, at the first wrong row. */
export async function* readParquet(
  config: ParquetConfig,
  split: Split,
  options: ReadOptions = {},
): AsyncGenerator<Pair> {
  if (config.files[split].length === 0) throw new InputError(`parquet: expected files.${split}, got none`);
  let last: Pair | undefined;
  for (const file of await expandPaths(config.files[split])) {
    for await (const pair of pairsAt(file, config, options)) {
      if (last && last.imageId === pair.imageId) last = { ...last, captions: [...last.captions, ...pair.captions] };
      else {
        if (last) yield last;
        last = pair;
      }
    }
  }
  if (last) yield last;
}

/** The pairs of a file, or of one over HTTP, which is copied first: its end must be read before its beginning. */
async function* pairsAt(location: string, config: ParquetConfig, options: ReadOptions): AsyncGenerator<Pair> {
  if (!isUrl(location)) {
    yield* pairsOf(location, config, options);
    return;
  }
  const { imageCache } = options;
  const folder = imageCache ?? (await mkdtemp(join(tmpdir(), 'azclip-parquet-')));
  try {
    yield* pairsOf(await localCopy(location, folder), config, options);
  } finally {
    if (imageCache === undefined) await rm(folder, { recursive: true });
  }
}

/** The rows of a file as pairs. */
async function* pairsOf(file: string, config: ParquetConfig, options: ReadOptions): AsyncGenerator<Pair> {
  const { imageColumn, captionColumn, stallMs } = config;
  let keep: KeepImages | undefined;
  let group = 0;
  for await (const rows of readParquetGroups(file, [imageColumn, captionColumn], stallMs)) {
    const found = rows.map(({ values, place }) => imageOf(values[imageColumn], place, config.images ?? dirname(file)));
    if (options.imageCache !== undefined) keep ??= await keepImagesIn(options.imageCache, file, imageColumn);
    const images = found.map((each) => each?.image);
    const kept = keep ? await keep(images, group) : images;
    for (const [i, row] of rows.entries()) {
      const [imageId, image] = [found[i]?.imageId, kept[i]];
      const pair = await pairOf(row, imageId !== undefined && image ? { imageId, image } : undefined, config, options);
      if (pair) yield pair;
    }
    group += 1;
  }
}

async function pairOf(
  { values, place }: ParquetRow,
  found: Pick<Pair, 'imageId' | 'image'> | undefined,
  config: ParquetConfig,
  { onIssue }: ReadOptions,
): Promise<Pair | undefined> {
  const parsed = caption.safeParse(values[config.captionColumn]);
  const captions = [parsed.data ?? []].flat().map((text) => text.trim());
  const kept = captions.filter((text) => text !== '');
  if (!found) {
    const message = `expected a path, bytes or {bytes, path} in column "${config.imageColumn}"`;
    raiseIssue({ kind: 'malformed', place, message }, config.onInvalid, onIssue);
  } else if ('path' in found.image && !(await fileExists(found.image.path))) {
    const message = `expected an image, got "${found.image.path}", which is not there`;
    raiseIssue({ kind: 'missing-image', place, message }, config.onInvalid, onIssue);
  } else if (kept.length < Math.max(1, captions.length)) {
    const kind = captions.length === 0 ? 'no-captions' : 'empty-caption';
    const message = `expected a text or texts in column "${config.captionColumn}", got none`;
    raiseIssue({ kind, place, message }, config.onInvalid, onIssue);
  }
  return found && kept.length > 0 ? { ...found, captions: kept } : undefined;
}

function imageOf(value: unknown, place: string, folder: string): { imageId: string; image: ImageSource } | undefined {
  if (typeof value === 'string') return { imageId: value, image: { path: resolve(folder, value) } };
  if (value instanceof Uint8Array) return { imageId: place, image: { bytes: value, name: place } };
  const parsed = embedded.safeParse(value);
  if (!parsed.success) return undefined;
  const { bytes: content, path } = parsed.data;
  if (content) return { imageId: path ?? place, image: { bytes: content, name: `${place} ${path ?? ''}`.trim() } };
  return path == null ? undefined : { imageId: path, image: { path: join(folder, path) } };
}
