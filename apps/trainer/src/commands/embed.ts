import { InputError, parseShard } from '@azclip/base';
import { embedFeatures, requireFeatures, type EmbeddedFeatures, type FitConfig, type FitReport } from '@azclip/train';
import { Command } from 'commander';
import { consola } from 'consola';

import { fetchWeights } from '../fetch-weights.ts';
import { nativeFolder, prepareNativeLibraries } from '../native-libraries.ts';
import { createFitProgress } from '../terminal/fit-progress.ts';
import { readFitConfig } from './fit.ts';

interface EmbedFlags {
  readonly config: string;
  readonly shard?: string;
  readonly merge?: true;
}

/** `trainer embed`: computes the features of a frozen tower before `fit`, as jobs of an array. */
export function embedCommand(): Command {
  return new Command('embed')
    .description('compute the features of the frozen image tower of a run into the cache that `fit` reads')
    .requiredOption('--config <file>', 'YAML file of the run')
    .option('--shard <i/n>', 'embed the i-th of n shares of the images, as one job of an array')
    .option('--merge', 'embed nothing: check that the jobs have left nothing to compute')
    .action(async (flags: EmbedFlags) => {
      if (flags.merge && flags.shard !== undefined) throw new InputError('--merge: expected without --shard, got both');
      await embed(await readFitConfig(flags.config), flags);
    });
}

async function embed(config: FitConfig, { shard, merge }: EmbedFlags): Promise<void> {
  prepareNativeLibraries(config.precision);
  const { tower } = config.image;
  await fetchWeights(['weights' in tower ? tower.weights : undefined], config.hub);
  const work = merge
    ? requireFeatures(config, { nativeFolder })
    : embedFeatures(config, { nativeFolder, shard: shard === undefined ? undefined : parseShard(shard) });
  const done = await drawn(config, work);
  const what = `${String(done?.images)} images${config.image.views > 0 ? ' and augmented views' : ''}`;
  if (!done) consola.info('stopped; the same command goes on where it was');
  else if (merge) consola.success(`${done.folder}: nothing is left to compute for ${what}`);
  else consola.success(`${done.folder} holds the features of ${what}`);
}

/** Draws the work while it goes on.
 * @returns undefined where Ctrl-C has ended it. */
async function drawn(
  config: FitConfig,
  work: AsyncGenerator<FitReport, EmbeddedFeatures>,
): Promise<EmbeddedFeatures | undefined> {
  const interrupt = new AbortController();
  process.once('SIGINT', () => {
    interrupt.abort();
  });
  const progress = createFitProgress(config);
  try {
    while (!interrupt.signal.aborted) {
      const next = await work.next();
      if (next.done === true) return next.value;
      progress.report(next.value);
    }
    await work.return(undefined as never); // writes what was computed
    return undefined;
  } finally {
    progress.stop();
  }
}
