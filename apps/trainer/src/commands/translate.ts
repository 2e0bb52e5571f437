import { readFile } from 'node:fs/promises';

import { InputError, parseShard } from '@azclip/base';
import { translateConfig, translateFile, type CostEstimate, type TranslateConfig } from '@azclip/translate';
import { Command } from 'commander';
import { consola } from 'consola';
import { parse } from 'yaml';

import {
  createTranslateProgress,
  estimateLines,
  summaryLines,
  type TranslateProgress,
} from '../terminal/translate-progress.ts';

interface TranslateFlags {
  readonly config: string;
  readonly in?: string;
  readonly out?: string;
  readonly store?: string;
  readonly dropBelow?: string;
  readonly weights?: boolean;
  readonly shard?: string;
  readonly merge?: boolean;
  readonly dryRun?: boolean;
}

/** `trainer translate`: captions into another language, with a quality ledger. */
export function translateCommand(): Command {
  return new Command('translate')
    .description('translate a caption file as a YAML file says, and judge every translation')
    .requiredOption('--config <file>', 'YAML file of the job')
    .option('--in <file>', 'captions, instead of `input`')
    .option('--out <file>', 'translated captions, instead of `output`')
    .option('--store <folder>', 'where translations are kept, instead of `store`')
    .option('--drop-below <quality>', 'leave captions of lower quality (0 … 1) out')
    .option('--weights', 'write the quality of each caption into the manifest, as its weight in the loss of `fit`')
    .option('--shard <i/n>', 'translate only this part into the store, as one of n jobs')
    .option('--merge', 'ask nobody: write the output from the store, once all shards are done')
    .option('--dry-run', 'ask nobody: only estimate requests and cost')
    .action(async (flags: TranslateFlags) => {
      await translate(await readTranslateConfig(flags), flags);
    });
}

async function translate(
  config: TranslateConfig,
  { shard, merge = false, dryRun = false }: TranslateFlags,
): Promise<void> {
  const interrupt = interruptOnce();
  let progress: TranslateProgress | undefined;
  const job = translateFile(config, {
    merge,
    dryRun,
    shard: shard === undefined ? undefined : parseShard(shard),
    signal: interrupt.signal,
    apiKey: (name) => process.env[name],
    onRetry: ({ attempt, delayMs, reason }) => {
      consola.warn(`${reason}; attempt ${String(attempt + 1)} in ${(delayMs / 1000).toFixed(1)} s`);
    },
  });
  try {
    for await (const report of job) {
      if (report.kind === 'estimate') {
        for (const line of estimateLines(report.estimate)) consola.log(line);
        if (!dryRun && !merge) progress = startProgress(report.estimate);
      } else if (report.kind === 'caption') progress?.count(report.outcome);
      else progress?.stop();
      if (report.kind === 'done') {
        for (const line of summaryLines(report.summary)) consola.log(line);
        consola.success(`${config.output}, judged in ${report.ledger}`);
      }
    }
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    consola.info(`stopped; the same command goes on where it was (translations are kept in ${config.store})`);
  } finally {
    progress?.stop();
  }
  if (progress !== undefined && progress.failed() > 0) {
    consola.warn(`${String(progress.failed())} captions got no translation; the same command asks for them again`);
  }
}

const startProgress = ({ captions, texts }: CostEstimate): TranslateProgress =>
  createTranslateProgress(captions, texts);

function interruptOnce(): AbortController {
  const interrupt = new AbortController();
  process.once('SIGINT', () => {
    consola.info('finishing the requests under way; press Ctrl-C again to stop at once');
    interrupt.abort();
  });
  return interrupt;
}

/** Reads the job, the command line before the file.
 * @throws {InputError} that names the file and the key. */
export async function readTranslateConfig(flags: Omit<TranslateFlags, 'shard'>): Promise<TranslateConfig> {
  let value: unknown;
  try {
    value = parse(await readFile(flags.config, 'utf8'));
  } catch (error) {
    throw new InputError(
      `${flags.config}: expected a readable YAML file, got ${(error as Error).message.split('\n')[0] ?? ''}`,
    );
  }
  const given = {
    input: flags.in,
    output: flags.out,
    store: flags.store,
    weights: flags.weights,
    dropBelow: flags.dropBelow === undefined ? undefined : Number(flags.dropBelow),
  };
  const overrides = Object.fromEntries(Object.entries(given).filter(([, flag]) => flag !== undefined));
  const parsed = translateConfig.safeParse({ ...(value as object), ...overrides });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InputError(`${flags.config}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a translation job'}`);
}
