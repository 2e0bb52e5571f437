import { z } from 'zod';

import { batchConfig } from './job/batch-by-length.ts';
import { priceConfig } from './job/estimate-cost.ts';
import { providerConfig } from './providers/provider-config.ts';

/** A translation job: what `trainer translate` reads. */
export const translateConfig = z.strictObject({
  input: z.string().describe('Captions: manifest .jsonl, .csv, .tsv, or lines image#k<TAB>caption'),
  output: z.string().describe('The same in the target language; the ledger stands beside it'),
  captionColumn: z.string().optional().describe('CSV only'),
  imageColumn: z.string().optional().describe('CSV only'),
  source: z.string().default('en').describe('Language code, or path of a language file'),
  target: z.string().describe('Language code, or path of a language file'),
  translator: providerConfig,
  backTranslator: providerConfig.optional().describe('Translates back, for round-trip chrF'),
  store: z.string().describe('Folder where every translation is kept; share it among jobs and shards'),
  batch: batchConfig.prefault({}),
  concurrency: z.int().min(1).default(4).describe('Batches under way at a time'),
  price: priceConfig.optional(),
  seed: z.int().default(1).describe('Of the pauses between repeated requests and of the sample the ledger learns from'),
  rivals: z.array(z.string()).default([]).describe('Languages the target may be mistaken for: tr for az'),
  weights: z
    .boolean()
    .default(false)
    .describe('Writes the quality of each caption as its weight in the loss; JSON Lines only'),
  dropBelow: z.number().min(0).max(1).default(0).describe('Captions of lower quality are left out of the output'),
});

/** A translation job, defaults filled in. */
export type TranslateConfig = z.output<typeof translateConfig>;
