import { dirname } from 'node:path';

import { InputError } from '@azclip/base';
import { serve } from '@hono/node-server';
import { Command } from 'commander';
import { consola } from 'consola';

import { createReviewApp, imageNames } from '../review/create-review-app.ts';
import { DecisionJournal, journalPath } from '../review/decision-journal.ts';
import { exportCorrected, type ExportSummary } from '../review/export-corrected.ts';
import { selectItems } from '../review/review-item.ts';

interface ReviewFlags {
  readonly ledger: string;
  readonly images?: string;
  readonly manifest?: string;
  readonly reviewer?: string;
  readonly below: string;
  readonly limit: string;
  readonly source: string;
  readonly target: string;
  readonly host: string;
  readonly port: string;
  readonly export?: string;
  readonly dropBelow: string;
}

/** `retrieval review`: people look through translations, worst first. */
export function reviewCommand(): Command {
  return new Command('review')
    .description('Serves a page to accept, edit or reject translations, or writes what came of it (--export).')
    .requiredOption('--ledger <file>', 'quality ledger, as trainer:translate writes it')
    .option('--images <folder>', 'folder of the images (default: that of --manifest)')
    .option('--manifest <file>', 'manifest that says which image a caption belongs to')
    .option('--reviewer <name>', 'who is looking; decisions carry this name')
    .option('--below <quality>', 'only captions of lower quality (0 … 1)', '1.01')
    .option('--limit <number>', 'no more captions than this, the worst', '1000')
    .option('--source <code>', 'language of the sources', 'en')
    .option('--target <code>', 'language of the translations', 'az')
    .option('--host <address>', 'address to listen at', '127.0.0.1')
    .option('--port <number>', 'port', '8090')
    .option('--export <folder>', 'write the corrected set as the next version in this folder instead')
    .option('--drop-below <quality>', 'with --export: leave out captions of lower quality that nobody looked at', '0')
    .action(async (flags: ReviewFlags) => {
      if (flags.export === undefined) await review(flags);
      else
        for (const line of exportLines(await exportCorrected(flags.ledger, flags.export, numberOf(flags, 'dropBelow'))))
          consola.log(line);
    });
}

async function review(flags: ReviewFlags): Promise<void> {
  const { ledger, reviewer, manifest, source, target, host } = flags;
  const images = flags.images ?? (manifest === undefined ? undefined : dirname(manifest));
  if (images === undefined) throw new InputError('--images or --manifest: expected one of them, got neither');
  if (reviewer === undefined) throw new InputError('--reviewer: expected a name, got none');
  const items = await selectItems(ledger, { below: numberOf(flags, 'below'), limit: numberOf(flags, 'limit') });
  if (items.length === 0)
    throw new InputError(`${ledger}: expected captions to look at, got none below ${flags.below}`);
  const imageOf = await imageNames(manifest);
  const journal = await DecisionJournal.open(journalPath(ledger, reviewer));
  const app = createReviewApp({ items, journal, reviewer, images, imageOf, languages: { source, target } });
  const server = serve({ fetch: app.fetch, hostname: host, port: numberOf(flags, 'port') }, ({ port }) => {
    consola.success(`${String(items.length)} captions at http://${host}:${String(port)}/ — stop with Ctrl-C`);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new InputError(`--host, --port: expected a free address, got ${host}:${flags.port}: ${error.code ?? ''}`));
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        server.close();
        resolve();
      });
  }).finally(() => journal.close());
}

function numberOf(flags: ReviewFlags, name: 'below' | 'limit' | 'port' | 'dropBelow'): number {
  const value = Number(flags[name]);
  if (flags[name].trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new InputError(`--${name === 'dropBelow' ? 'drop-below' : name}: expected a number, got "${flags[name]}"`);
  }
  return value;
}

/** What was exported, and how far reviewers agree. */
export function exportLines({ folder, sha256, agreement, ...counts }: ExportSummary): string[] {
  const { captions, reviewed, accepted, edited, rejected, conflicts, dropped } = counts;
  const figure = (value: number | null): string => (value === null ? 'not defined' : value.toFixed(3));
  return [
    `${String(captions)} captions: ${String(reviewed)} looked at (${String(accepted)} accepted, ${String(edited)} edited, ${String(rejected)} rejected), ${String(dropped)} dropped`,
    ...(conflicts > 0 ? [`${String(conflicts)} with different verdicts; the latest counts`] : []),
    ...agreement.map(
      (each) =>
        `${each.reviewers.join(' and ')} on ${String(each.captions)} captions: κ ${figure(each.kappa)}, equal ${(100 * each.observed).toFixed(1)} %, chrF2 ${figure(each.chrF)}`,
    ),
    `${folder} (sha256 ${sha256.slice(0, 12)})`,
  ];
}
