import { dirname, join, resolve } from 'node:path';
import { writeFileAtomic } from '@azclip/base';

import { augmentedPairs, type AugmentedPairsOptions } from '../augment/augmented-pairs.ts';
import type { Pair } from '../pair.ts';
import { readManifest, readManifestRecords, writeManifest, type ManifestRecord } from '../readers/manifest.ts';
import { imageFileBytes, imageFileName } from './image-files.ts';

/** How to write augmented images as a set of their own. */
export interface PrepareAugmentedOptions extends AugmentedPairsOptions {
  /** Folder of the result. */
  readonly out: string;
  /** Whether the images that were augmented stay in the train part beside their copies. */
  readonly originals: boolean;
  /** Called after every image that was written. */
  readonly onWritten?: (images: number) => void;
}

/** Augments the train part of a manifest once and for all: `manifest.jsonl` with the copies as PNG files below `out`, and
 * dev and test as they were. The same seed gives the same bytes.
 * @returns the number of copies.  @throws {InputError} if the manifest is wrong or an image cannot be decoded. */
export async function prepareAugmented(manifest: string, options: PrepareAugmentedOptions): Promise<number> {
  const count = { written: 0 };
  await writeManifest(join(options.out, 'manifest.jsonl'), recordsOf(manifest, options, count));
  return count.written;
}

async function* recordsOf(
  manifest: string,
  options: PrepareAugmentedOptions,
  count: { written: number },
): AsyncGenerator<ManifestRecord> {
  const folder = dirname(manifest);
  for await (const record of readManifestRecords(manifest)) {
    if (record.split !== 'train' || options.originals) yield { ...record, image: resolve(folder, record.image) };
  }
  const source = { reader: 'manifest', path: manifest, onCorrupt: 'fail', onInvalid: 'fail' } as const;
  for await (const pair of augmentedPairs(readManifest(source, 'train'), options)) {
    yield await written(pair, options.out);
    count.written += 1;
    options.onWritten?.(count.written);
  }
}

async function written({ imageId: id, image, captions, weights }: Pair, out: string): Promise<ManifestRecord> {
  const path = resolve(out, 'images', imageFileName(id, image));
  await writeFileAtomic(path, await imageFileBytes(image));
  return { id, image: path, split: 'train', captions: [...captions], ...(weights ? { weights: [...weights] } : {}) };
}
