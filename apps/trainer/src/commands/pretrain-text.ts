import { pretrainConfig, pretrainText, type PretrainConfig } from '@azclip/train';
import { Command } from 'commander';
import { consola } from 'consola';

import { fetchWeights } from '../fetch-weights.ts';
import { nativeFolder, prepareNativeLibraries } from '../native-libraries.ts';
import { readYaml } from '../read-yaml.ts';
import { createPretrainProgress } from '../terminal/pretrain-progress.ts';

interface PretrainFlags {
  readonly config: string;
  readonly resume?: true;
  readonly overwrite?: true;
}

/** `trainer pretrain-text`: teaches a text tower a language from text alone. */
export function pretrainTextCommand(): Command {
  return new Command('pretrain-text')
    .description('pre-train a text tower on text alone, by masked language modelling')
    .requiredOption('--config <file>', 'YAML file of the run')
    .option('--resume', 'go on from the last checkpoint of the run')
    .option('--overwrite', 'start over where a run of this name has begun')
    .action(async (flags: PretrainFlags) => {
      await pretrain(await readYaml(flags.config, pretrainConfig), flags);
    });
}

async function pretrain(config: PretrainConfig, { resume, overwrite }: PretrainFlags): Promise<void> {
  prepareNativeLibraries('fp32');
  const interrupt = new AbortController();
  process.once('SIGINT', () => {
    consola.info('stopping after this step; press Ctrl-C again to stop at once');
    interrupt.abort();
  });
  await fetchWeights([config.tower.weights], { ...config.hub, signal: interrupt.signal });
  const existing = resume ? 'resume' : overwrite ? 'overwrite' : 'refuse';
  const progress = createPretrainProgress();
  const work = pretrainText(config, { existing, signal: interrupt.signal, nativeFolder });
  try {
    for (;;) {
      const next = await work.next();
      if (next.done !== true) {
        progress.report(next.value);
        continue;
      }
      progress.stop();
      const { outcome, modelDir, loss } = next.value;
      if (outcome === 'stopped') consola.info('stopped; go on with --resume');
      else consola.success(`held-out loss ${loss?.toFixed(3) ?? ''}; use it as text.tower.weights: ${modelDir}`);
      return;
    }
  } finally {
    progress.stop();
  }
}
