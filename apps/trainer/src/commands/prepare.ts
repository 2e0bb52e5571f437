import {
  CLEANING_RULES,
  cleaningConfig,
  mergeShards,
  prepareSet,
  type CleaningConfig,
  type PrepareReport,
  type PrepareSummary,
  type Split,
} from '@azclip/data';
import { InputError, parseShard } from '@azclip/base';
import { Argument, Command } from 'commander';
import { consola } from 'consola';

import { checked, configOf, keysOf, partsOf, SETS, type SetFlags, type SetName } from '../set-config.ts';
import { createCounter } from '../terminal/counter.ts';
import { prepareAugmentedCommand } from './prepare-augmented.ts';
import { prepareLanguageCommand } from './prepare-language.ts';

interface PrepareFlags extends SetFlags {
  readonly out: string;
  readonly clean: readonly string[];
  readonly splits?: string;
  readonly format: string;
  readonly shard?: string;
  readonly against?: string;
  readonly merge?: true;
}

/** `trainer prepare`: reads a published set, cleans it and writes what `fit` reads, with a ledger of all that was dropped. */
export function prepareCommand(): Command {
  const collect = (value: string, all: readonly string[]): string[] => [...all, value];
  return new Command('prepare')
    .description('clean a data set and write a manifest (or tars) that `fit` reads, with a ledger of what was dropped')
    .addArgument(new Argument('<set>', 'form of the set').choices(Object.keys(SETS)))
    .option('--root <path>', 'folder of the set, or its file')
    .option('--out <folder>', 'folder of the result', 'runs/data')
    .option('--option <key=value>', 'a key of the reader, such as captions=Flickr8k.az.token.txt', collect, [])
    .option('--clean <key=value>', 'a key of the cleaning, such as captionsPerImage=5 or off=[too-short]', collect, [])
    .option('--splits <names>', 'parts, with commas (default: those that the set has)')
    .option('--format <form>', 'manifest, or webdataset for big sets', 'manifest')
    .option('--shard <i/n>', 'do the i-th of n shares of the work, as one job of an array')
    .option('--merge', 'join the shares that all jobs wrote into --out')
    .option('--against <manifest>', 'refuse dev and test images that the train part of this manifest holds')
    .enablePositionalOptions() // the options of a command below are its own, `--out` among them
    .addCommand(prepareLanguageCommand())
    .addCommand(prepareAugmentedCommand())
    .addHelpText('after', `\nRules of the cleaning: ${CLEANING_RULES.join(', ')}`)
    .action(async (set: SetName, flags: PrepareFlags) => {
      const cleaning: CleaningConfig = checked(cleaningConfig, keysOf(flags.clean), '--clean');
      const summary = flags.merge ? await mergeShards(flags.out, cleaning) : await prepare(set, flags, cleaning);
      for (const line of summaryLines(summary)) consola.log(line);
      const made = flags.merge
        ? 'parts joined'
        : `${flags.format === 'manifest' ? 'manifest' : 'tars'}, ledger and summary`;
      consola.success(`${flags.out}: ${made}`);
    });
}

async function prepare(set: SetName, flags: PrepareFlags, cleaning: CleaningConfig): Promise<PrepareSummary> {
  const config = configOf(set, flags);
  const shard = flags.shard === undefined ? undefined : parseShard(flags.shard);
  const counter = createCounter('images');
  const show = ({ split, read, kept }: PrepareReport): void => {
    counter.show(read, `${split}: ${String(kept)} kept`);
  };
  const options = {
    out: flags.out,
    cleaning,
    splits: flags.splits === undefined ? partsOf(config) : splitsOf(flags.splits),
    format: formatOf(flags.format),
    ...(shard ? { shard } : {}),
    ...(flags.against === undefined ? {} : { against: flags.against }),
  };
  return prepareSet(config, options, show).finally(counter.stop);
}

function splitsOf(text: string): Split[] {
  return text.split(',').map((name) => {
    if (name === 'train' || name === 'dev' || name === 'test') return name;
    throw new InputError(`--splits: expected train, dev or test, got "${name}"`);
  });
}

function formatOf(text: string): 'manifest' | 'webdataset' {
  if (text === 'manifest' || text === 'webdataset') return text;
  throw new InputError(`--format: expected manifest or webdataset, got "${text}"`);
}

/** What was kept, and what each rule did. */
function summaryLines({ images, captions, rules }: PrepareSummary): string[] {
  const kept = (['train', 'dev', 'test'] as const).map(
    (split) => `${split.padEnd(5)} ${String(images[split])} images, ${String(captions[split])} captions`,
  );
  const done = Object.entries(rules).map(([rule, { repairedCaptions, droppedCaptions, droppedImages }]) => {
    const counts = [
      [repairedCaptions, 'captions repaired'],
      [droppedCaptions, 'captions dropped'],
      [droppedImages, 'images dropped'],
    ] as const;
    const said = counts.filter(([count]) => count > 0).map(([count, what]) => `${String(count)} ${what}`);
    return `${rule}: ${said.join(', ')}`;
  });
  return [...kept, ...done];
}
