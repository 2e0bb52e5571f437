import { readFile } from 'node:fs/promises';

import { InputError } from '@azclip/base';
import {
  parseFitConfig,
  runFolderOf,
  trainClip,
  type Communicator,
  type FitConfig,
  type FitReport,
} from '@azclip/train';
import { Command } from 'commander';
import { consola } from 'consola';
import { parse, YAMLParseError } from 'yaml';

import { fetchWeights } from '../fetch-weights.ts';
import { nativeFolder, prepareNativeLibraries } from '../native-libraries.ts';
import { joinRanks, together } from '../ranks.ts';
import { openFitRecord } from '../fit-report/record-fit.ts';
import { createFitProgress } from '../terminal/fit-progress.ts';

interface FitFlags {
  readonly config: string;
  readonly resume?: true;
  readonly overwrite?: true;
}

/** `trainer fit`: trains what one YAML file describes, from data to an exported model. */
export function fitCommand(): Command {
  return new Command('fit')
    .description('train a dual encoder as a YAML file says, and export it')
    .option('--config <file>', 'YAML file of the run', 'apps/trainer/configs/scenes.yaml')
    .option('--resume', 'go on from the last checkpoint of the run')
    .option('--overwrite', 'start over where a run of this name has begun')
    .action(async (flags: FitFlags) => {
      const config = await readFitConfig(flags.config);
      prepareNativeLibraries(config.precision);
      const ranks = await joinRanks(process.env);
      await together(ranks, () => fit(config, flags, ranks));
    });
}

async function fit(config: FitConfig, { resume, overwrite }: FitFlags, ranks: Communicator | undefined): Promise<void> {
  const isFirst = ranks === undefined || ranks.rank === 0;
  const interrupt = new AbortController();
  process.once('SIGINT', () => {
    if (isFirst) consola.info('stopping after this step; press Ctrl-C again to stop at once');
    interrupt.abort();
  });
  if (isFirst) await fetchWeights(weightsOf(config), { ...config.hub, signal: interrupt.signal });
  const progress = createFitProgress(config);
  const existing = resume ? 'resume' : overwrite ? 'overwrite' : 'refuse';
  const folder = runFolderOf(config);
  const record = isFirst ? await openFitRecord(config, folder, resume === true) : undefined;
  const onReport = async (report: FitReport): Promise<void> => {
    if (isFirst) progress.report(report);
    await record?.hear(report);
  };
  const options = { existing, signal: interrupt.signal, onReport, nativeFolder, ranks } as const;
  const result = await trainClip(config, options).finally(progress.stop);
  if (!record) return;
  if (result.outcome === 'stopped') {
    await record.stop();
    consola.info(`stopped; go on with --resume (checkpoint in ${result.checkpointDir})`);
    return;
  }
  for (const line of await record.finish(result)) consola.log(line);
  consola.success(`model in ${result.modelDir}, report in ${folder.report.markdown}`);
}

/** Where the pretrained values of both towers come from. */
const weightsOf = ({ image, text }: FitConfig): readonly (string | undefined)[] =>
  [image.tower, text.tower].map((tower) => ('weights' in tower ? tower.weights : undefined));

/** Reads a run configuration.
 * @throws {InputError} that names the file, and the line or key. */
export async function readFitConfig(path: string): Promise<FitConfig> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new InputError(
      `${path}: expected a readable YAML file, got ${(error as NodeJS.ErrnoException).code ?? 'none'}`,
    );
  });
  try {
    return parseFitConfig(parse(text), path);
  } catch (error) {
    if (error instanceof YAMLParseError) throw new InputError(`${path}: ${error.message.split('\n')[0] ?? ''}`);
    throw error;
  }
}
