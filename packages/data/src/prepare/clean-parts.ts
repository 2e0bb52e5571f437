import type { Shard } from '@azclip/base';

import { cleanPairs, SeenImages, type CleanPair } from '../cleaning/clean-pairs.ts';
import { parseHash } from '../cleaning/image-hash.ts';
import { LeakGuard, raiseLeaks, type ImageFingerprint, type Leak } from '../cleaning/leak-guard.ts';
import { entryOfIssue } from '../cleaning/ledger.ts';
import type { DataConfig } from '../config.ts';
import type { DataIssue } from '../issue.ts';
import type { Pair, Split } from '../pair.ts';
import { readPairs } from '../read-pairs.ts';
import { readManifestRecords } from '../readers/manifest.ts';
import type { LedgerFile } from './ledger-file.ts';
import type { PrepareReport, PrepareSetOptions } from './prepare-options.ts';

/** Counts of a preparation. */
export interface Tally {
  readonly images: Record<Split, number>;
  readonly captions: Record<Split, number>;
}

/** What the cleaning of the parts works with. */
export interface PartWork {
  readonly options: PrepareSetOptions;
  readonly ledger: LedgerFile;
  readonly tally: Tally;
  readonly onReport: (report: PrepareReport) => void;
}

/** A part of a set, clean. */
export interface CleanPart {
  readonly split: Split;
  readonly pairs: AsyncIterable<CleanPair>;
}

const ORDER = ['test', 'dev', 'train'] as const;
const REPORT_EVERY = 50;

/** Cleans the parts of a set one after the other; each must be read to its end before the next. */
export async function* cleanParts(config: DataConfig, work: PartWork): AsyncGenerator<CleanPart> {
  const { splits, against } = work.options;
  const seen = new SeenImages();
  const guard = against === undefined ? undefined : new LeakGuard({ images: await trainedImages(against) });
  for (const split of ORDER.filter((name) => splits.includes(name))) {
    const cleaned = cleanPart(config, split, seen, work);
    yield { split, pairs: guard && split !== 'train' ? guarded(cleaned, guard) : cleaned };
  }
}

async function* cleanPart(
  config: DataConfig,
  split: Split,
  seen: SeenImages,
  { options, ledger, tally, onReport }: PartWork,
): AsyncGenerator<CleanPair> {
  const count = { read: 0, kept: 0 };
  const onIssue = (issue: DataIssue): void => {
    ledger.add(entryOfIssue(issue, split));
  };
  const onEntry = ledger.add.bind(ledger);
  const pairs = shardOf(readPairs(config, split, { onIssue }), options.shard, () => {
    count.read += 1;
    if (count.read % REPORT_EVERY === 0) onReport({ split, ...count });
  });
  for await (const clean of cleanPairs(pairs, { config: options.cleaning, split, seen, onEntry })) {
    count.kept += 1;
    tally.images[split] += 1;
    tally.captions[split] += clean.pair.captions.length;
    await ledger.flush();
    yield clean;
  }
  onReport({ split, ...count });
}

/** Every `count`th pair. */
async function* shardOf(
  pairs: AsyncIterable<Pair>,
  { index, count }: Shard = { index: 1, count: 1 },
  onRead: () => void,
): AsyncGenerator<Pair> {
  let number = 0;
  for await (const pair of pairs) {
    if (number++ % count !== index - 1) continue;
    onRead();
    yield pair;
  }
}

/** Lets a part through and complains at its end, so that all images that leak are known. */
async function* guarded(pairs: AsyncIterable<CleanPair>, guard: LeakGuard): AsyncGenerator<CleanPair> {
  const leaks: Leak[] = [];
  for await (const clean of pairs) {
    const leak = guard.leakOf({ id: clean.pair.imageId, hash: clean.hash });
    if (leak) leaks.push(leak);
    yield clean;
  }
  raiseLeaks(leaks);
}

/** The train images of a manifest. */
async function trainedImages(manifest: string): Promise<ImageFingerprint[]> {
  const images: ImageFingerprint[] = [];
  for await (const { id, split, hash: text } of readManifestRecords(manifest)) {
    const hash = text === undefined ? undefined : parseHash(text);
    if (split === 'train') images.push(hash ? { id, hash } : { id });
  }
  return images;
}
