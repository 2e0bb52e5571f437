import { join } from 'node:path';
import { InputError, namesIn, readJsonLines, writeFileAtomic } from '@azclip/base';
import { z } from 'zod';

import type { CleanPair } from '../cleaning/clean-pairs.ts';
import type { CleaningConfig, CleaningRule } from '../cleaning/config.ts';
import { HashIndex } from '../cleaning/hash-index.ts';
import { parseHash } from '../cleaning/image-hash.ts';
import type { LedgerEntry } from '../cleaning/ledger.ts';
import type { Split } from '../pair.ts';
import { readManifestRecords, writeManifest, type ManifestRecord } from '../readers/manifest.ts';
import { webdatasetConfig } from '../readers/reader-configs.ts';
import { readWebdataset } from '../readers/webdataset.ts';
import type { Tally } from './clean-parts.ts';
import { LedgerFile } from './ledger-file.ts';
import { partsFolder, shardSuffix, type PrepareSummary } from './prepare-options.ts';
import { writeShards } from './write-shards.ts';

/** Test goes first and train last, so that train loses what would leak. */
const ORDER = ['test', 'dev', 'train'] as const;

/** Joins the manifests, or tars, and the ledgers that the jobs of one preparation wrote into a folder, and applies the rules about
 * duplicates across jobs. Nothing is decoded: what the jobs wrote holds the hashes.
 * @throws {InputError} if the work of a job is missing. */
export async function mergeShards(folder: string, cleaning: CleaningConfig): Promise<PrepareSummary> {
  const names = await namesIn(folder);
  const suffixes = suffixesOf(folder, names);
  const ledger = await LedgerFile.create(join(folder, 'ledger.jsonl'));
  try {
    for (const suffix of suffixes) await copyLedger(join(folder, `ledger${suffix}.jsonl`), ledger);
    const filter = new DuplicateFilter(cleaning, ledger);
    const manifests = suffixes.map((suffix) => `manifest${suffix}.jsonl`);
    if (manifests.some((name) => names.includes(name))) {
      await writeManifest(join(folder, 'manifest.jsonl'), mergedRecords(folder, manifests, filter));
    } else {
      for (const split of ORDER) await writeShards(mergedSamples(folder, suffixes, split, filter), join(folder, split));
    }
    const summary = { ...filter.tally, rules: Object.fromEntries(ledger.summary) };
    await writeFileAtomic(join(folder, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
    await ledger.close();
    return summary;
  } catch (error) {
    await ledger.discard();
    throw error;
  }
}

/** What the files of the jobs are called by, job 1 first. A job that was finished has left its summary. */
function suffixesOf(folder: string, names: readonly string[]): string[] {
  const counts = new Set(
    names.flatMap((name) => /^summary-\d+-of-(?<count>\d+)\.json$/u.exec(name)?.groups?.count ?? []),
  );
  const [count] = counts;
  if (count === undefined || counts.size > 1) {
    const got = counts.size === 0 ? 'none' : `those of preparations in ${[...counts].join(' and ')} parts`;
    throw new InputError(`${folder}: expected the files summary-i-of-n.json of one preparation, got ${got}`);
  }
  const all = Array.from({ length: Number(count) }, (_, i) => shardSuffix({ index: i + 1, count: Number(count) }));
  const missing = all.find((suffix) => !names.includes(`summary${suffix}.json`));
  if (missing !== undefined)
    throw new InputError(`${folder}: expected summary${missing}.json, got none: run that job to its end`);
  return all;
}

const entrySchema = z.custom<LedgerEntry>((value) => z.looseObject({ rule: z.string() }).safeParse(value).success);

async function copyLedger(path: string, ledger: LedgerFile): Promise<void> {
  for await (const entry of readJsonLines(path, entrySchema)) {
    ledger.add(entry);
    await ledger.flush();
  }
}

async function* mergedRecords(
  folder: string,
  manifests: readonly string[],
  filter: DuplicateFilter,
): AsyncGenerator<ManifestRecord> {
  for (const split of ORDER) {
    for (const manifest of manifests) {
      for await (const record of readManifestRecords(join(folder, manifest))) {
        if (record.split === split && filter.passes(record, split)) yield record;
      }
    }
  }
}

/** The samples of a part in the tars of all jobs. */
async function* mergedSamples(
  folder: string,
  suffixes: readonly string[],
  split: Split,
  filter: DuplicateFilter,
): AsyncGenerator<CleanPair> {
  const parts = partsFolder(folder);
  const names = (await namesIn(parts)).sort();
  const files = suffixes.flatMap((suffix) => names.filter((name) => name.startsWith(`${split}${suffix}-`)));
  if (files.length === 0) return;
  const config = webdatasetConfig.parse({
    reader: 'webdataset',
    files: { [split]: files.map((name) => join(parts, name)) },
  });
  for await (const pair of readWebdataset(config, split)) {
    const hash = pair.hash === undefined ? undefined : parseHash(pair.hash);
    if (!hash) throw new InputError(`${parts}: expected the hash of "${pair.imageId}", got none: run its job again`);
    if (filter.passes({ id: pair.imageId, captions: pair.captions, hash: pair.hash }, split)) yield { pair, hash };
  }
}

/** What is known of an image without decoding it. */
interface Merged {
  readonly id: string;
  readonly captions: readonly string[];
  readonly hash?: string | undefined;
}

/** Lets the first of equal images pass, and counts. */
class DuplicateFilter {
  readonly tally: Tally = { images: { train: 0, dev: 0, test: 0 }, captions: { train: 0, dev: 0, test: 0 } };
  readonly #ids = new Set<string>();
  readonly #hashes = new HashIndex();
  readonly #cleaning: CleaningConfig;
  readonly #ledger: LedgerFile;

  constructor(cleaning: CleaningConfig, ledger: LedgerFile) {
    this.#cleaning = cleaning;
    this.#ledger = ledger;
  }

  passes(image: Merged, split: Split): boolean {
    const fault = this.#duplicate(image);
    if (fault) {
      this.#ledger.add({ ...fault, action: 'drop-image', split, image: image.id });
      return false;
    }
    this.tally.images[split] += 1;
    this.tally.captions[split] += image.captions.length;
    return true;
  }

  #duplicate({ id, hash: text }: Merged): { readonly rule: CleaningRule; readonly detail: string } | undefined {
    const { off, nearDuplicateBits } = this.#cleaning;
    if (this.#ids.has(id) && !off.includes('duplicate-id'))
      return { rule: 'duplicate-id', detail: 'an id seen before' };
    this.#ids.add(id);
    const hash = text === undefined ? undefined : parseHash(text);
    if (!hash) return undefined;
    const near = off.includes('near-duplicate-image') ? undefined : this.#hashes.nearest(hash, nearDuplicateBits);
    if (near) return { rule: 'near-duplicate-image', detail: `${String(near.distance)} of 64 bits from ${near.id}` };
    this.#hashes.add(id, hash);
    return undefined;
  }
}
