import { join, resolve } from 'node:path';
import { writeFileAtomic } from '@azclip/base';

import type { CleanPair } from '../cleaning/clean-pairs.ts';
import { formatHash } from '../cleaning/image-hash.ts';
import type { DataConfig } from '../config.ts';
import type { Split } from '../pair.ts';
import { writeManifest, type ManifestRecord } from '../readers/manifest.ts';
import { cleanParts, type CleanPart } from './clean-parts.ts';
import { imageFileBytes, imageFileName } from './image-files.ts';
import { LedgerFile } from './ledger-file.ts';
import {
  partsFolder,
  shardSuffix,
  type PrepareReport,
  type PrepareSetOptions,
  type PrepareSummary,
} from './prepare-options.ts';
import { writeShards } from './write-shards.ts';

/** Reads a set, cleans it and writes `manifest.jsonl` (or tars), `ledger.jsonl` and `summary.json`. The readers should pass
 * over wrong items (`onInvalid: skip`), so that these come into the ledger too.
 * @param onReport - called now and then while the work goes on.
 * @throws {InputError} if the set cannot be read, or holds images of `against` in dev or test. */
export async function prepareSet(
  config: DataConfig,
  options: PrepareSetOptions,
  onReport: (report: PrepareReport) => void = () => undefined,
): Promise<PrepareSummary> {
  const suffix = shardSuffix(options.shard);
  const ledger = await LedgerFile.create(join(options.out, `ledger${suffix}.jsonl`));
  try {
    const tally = { images: { train: 0, dev: 0, test: 0 }, captions: { train: 0, dev: 0, test: 0 } };
    const parts = cleanParts(config, { options, ledger, tally, onReport });
    if (options.format === 'manifest') {
      const images = join(options.out, `images${suffix}`);
      await writeManifest(join(options.out, `manifest${suffix}.jsonl`), recordsOf(parts, images));
    } else {
      const folder = options.shard ? partsFolder(options.out) : options.out;
      for await (const { split, pairs } of parts) await writeShards(pairs, join(folder, `${split}${suffix}`));
    }
    const summary = { ...tally, rules: Object.fromEntries(ledger.summary) };
    await ledger.close();
    await writeFileAtomic(join(options.out, `summary${suffix}.json`), `${JSON.stringify(summary, null, 2)}\n`); // says: done
    return summary;
  } catch (error) {
    await ledger.discard();
    throw error;
  }
}

async function* recordsOf(parts: AsyncIterable<CleanPart>, images: string): AsyncGenerator<ManifestRecord> {
  for await (const { split, pairs } of parts) {
    for await (const clean of pairs) yield await recordOf(clean, split, join(images, split));
  }
}

/** The line of a pair; images that are no files yet become files of `folder`. */
async function recordOf({ pair, hash }: CleanPair, split: Split, folder: string): Promise<ManifestRecord> {
  const { imageId: id, image, captions, weights } = pair;
  const path = 'path' in image ? resolve(image.path) : join(folder, imageFileName(id, image));
  if (!('path' in image)) await writeFileAtomic(path, await imageFileBytes(image));
  const weighed = weights === undefined ? {} : { weights: [...weights] };
  return { id, image: resolve(path), split, captions: [...captions], hash: formatHash(hash), ...weighed };
}
