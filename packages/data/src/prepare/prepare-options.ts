import { join } from 'node:path';

import type { Shard } from '@azclip/base';

import type { CleaningConfig } from '../cleaning/config.ts';
import type { RuleSummary } from '../cleaning/ledger.ts';
import type { Split } from '../pair.ts';

/** How to prepare a set. */
export interface PrepareSetOptions {
  /** Folder of the result. */
  readonly out: string;
  readonly cleaning: CleaningConfig;
  /** Parts to prepare; whatever their order, test goes before dev and train, so that train loses what would leak. */
  readonly splits: readonly Split[];
  /** One manifest that names image files, or tars that hold them. */
  readonly format: 'manifest' | 'webdataset';
  readonly shard?: Shard;
  /** Manifest of what a model was trained on: dev and test must hold none of its train images. */
  readonly against?: string;
}

/** How far a preparation is. */
export interface PrepareReport {
  readonly split: Split;
  /** Images of this part that were read and that were kept, so far. */
  readonly read: number;
  readonly kept: number;
}

/** What a preparation came to. */
export interface PrepareSummary {
  readonly images: Readonly<Record<Split, number>>;
  readonly captions: Readonly<Record<Split, number>>;
  /** By name of the rule. */
  readonly rules: Readonly<Record<string, RuleSummary>>;
}

/** Where the jobs of an array put their tars, so that a pattern for the tars of the set does not find them too. */
export const partsFolder = (out: string): string => join(out, 'parts');

/** What goes before the extension of the files of one job: nothing where there is one job. */
export function shardSuffix(shard: Shard | undefined): string {
  return shard ? `-${String(shard.index)}-of-${String(shard.count)}` : '';
}
