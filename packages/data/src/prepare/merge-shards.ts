import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, readJsonLines, writeFileAtomic } from '@azclip/base';
import { z } from 'zod';

import type { CleaningConfig, CleaningRule } from '../cleaning/config.ts';
import { HashIndex } from '../cleaning/hash-index.ts';
import { parseHash } from '../cleaning/image-hash.ts';
import type { LedgerEntry } from '../cleaning/ledger.ts';
import { readManifestRecords, writeManifest, type ManifestRecord } from '../readers/manifest.ts';
import type { Tally } from './clean-parts.ts';
import { LedgerFile } from './ledger-file.ts';
import { shardSuffix, type PrepareSummary } from './prepare-options.ts';

const ORDER = ['test', 'dev', 'train'] as const;

/** Joins the manifests and ledgers that the jobs of one preparation wrote into a folder, and applies the rules about
 * duplicates across jobs. Nothing is decoded: the manifests hold the hashes.
 * @throws {InputError} if the work of a job is missing. */
export async function mergeShards(folder: string, cleaning: CleaningConfig): Promise<PrepareSummary> {
  const suffixes = await suffixesIn(folder);
  const ledger = await LedgerFile.create(join(folder, 'ledger.jsonl'));
  try {
    for (const suffix of suffixes) await copyLedger(join(folder, `ledger${suffix}.jsonl`), ledger);
    const tally = { images: { train: 0, dev: 0, test: 0 }, captions: { train: 0, dev: 0, test: 0 } };
    const manifests = suffixes.map((suffix) => join(folder, `manifest${suffix}.jsonl`));
    await writeManifest(join(folder, 'manifest.jsonl'), mergedRecords(manifests, cleaning, ledger, tally));
    const summary = { ...tally, rules: Object.fromEntries(ledger.summary) };
    await writeFileAtomic(join(folder, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
    await ledger.close();
    return summary;
  } catch (error) {
    await ledger.discard();
    throw error;
  }
}

/** What the files of the jobs are called by, job 1 first. */
async function suffixesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new InputError(`${folder}: expected a folder, got ${(error as NodeJS.ErrnoException).code ?? ''}`);
  });
  const counts = new Set(
    names.flatMap((name) => /^manifest-\d+-of-(?<count>\d+)\.jsonl$/u.exec(name)?.groups?.count ?? []),
  );
  const [count] = counts;
  if (count === undefined || counts.size > 1) {
    const got = counts.size === 0 ? 'none' : `those of preparations in ${[...counts].join(' and ')} parts`;
    throw new InputError(`${folder}: expected the files manifest-i-of-n.jsonl of one preparation, got ${got}`);
  }
  const all = Array.from({ length: Number(count) }, (_, i) => shardSuffix({ index: i + 1, count: Number(count) }));
  const missing = all.find((suffix) => !names.includes(`manifest${suffix}.jsonl`));
  if (missing !== undefined)
    throw new InputError(`${folder}: expected manifest${missing}.jsonl, got none: run that job`);
  return all;
}

const entrySchema = z.custom<LedgerEntry>((value) => z.looseObject({ rule: z.string() }).safeParse(value).success);

async function copyLedger(path: string, ledger: LedgerFile): Promise<void> {
  for await (const entry of readJsonLines(path, entrySchema)) {
    ledger.add(entry);
    await ledger.flush();
  }
}

/** Test goes first and train last, so that train loses what would leak. */
async function* mergedRecords(
  manifests: readonly string[],
  cleaning: CleaningConfig,
  ledger: LedgerFile,
  tally: Tally,
): AsyncGenerator<ManifestRecord> {
  const ids = new Set<string>();
  const hashes = new HashIndex();
  for (const split of ORDER) {
    for (const manifest of manifests) {
      for await (const record of readManifestRecords(manifest)) {
        if (record.split !== split) continue;
        const fault = duplicateOf(record, ids, hashes, cleaning);
        if (fault) ledger.add({ ...fault, action: 'drop-image', split, image: record.id });
        else {
          tally.images[split] += 1;
          tally.captions[split] += record.captions.length;
          yield record;
        }
      }
    }
  }
}

function duplicateOf(
  { id, hash: text }: ManifestRecord,
  ids: Set<string>,
  hashes: HashIndex,
  { off, nearDuplicateBits }: CleaningConfig,
): { readonly rule: CleaningRule; readonly detail: string } | undefined {
  if (ids.has(id) && !off.includes('duplicate-id')) return { rule: 'duplicate-id', detail: 'an id seen before' };
  ids.add(id);
  const hash = text === undefined ? undefined : parseHash(text);
  if (!hash) return undefined;
  const near = off.includes('near-duplicate-image') ? undefined : hashes.nearest(hash, nearDuplicateBits);
  if (near) return { rule: 'near-duplicate-image', detail: `${String(near.distance)} of 64 bits from ${near.id}` };
  hashes.add(id, hash);
  return undefined;
}
