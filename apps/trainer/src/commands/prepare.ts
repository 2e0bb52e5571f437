import {
  CLEANING_RULES,
  cleaningConfig,
  dataConfig,
  mergeShards,
  prepareSet,
  type CleaningConfig,
  type DataConfig,
  type PrepareReport,
  type PrepareSummary,
} from '@azclip/data';
import { InputError, parseShard } from '@azclip/base';
import { Argument, Command } from 'commander';
import { consola } from 'consola';
import { parse } from 'yaml';
import type { z } from 'zod';

import { createCounter } from '../terminal/counter.ts';
import { prepareAugmentedCommand } from './prepare-augmented.ts';
import { prepareLanguageCommand } from './prepare-language.ts';

/** Readers that `prepare` offers, and the keys that `--root` stands for. */
const SETS = {
  scenes: () => ({}),
  flickr8k: (root: string) => ({ root }),
  flickr30k: (root: string) => ({ root }),
  coco: (root: string) => ({ root }),
  roco: (root: string) => ({ root }),
  karpathy: (path: string) => ({ path }),
  csv: (path: string) => ({ path }),
  jsonl: (path: string) => ({ path }),
  folder: (path: string) => ({ path }),
  manifest: (path: string) => ({ path }),
  parquet: (root: string) => ({ files: partFiles(root, 'parquet') }),
  webdataset: (root: string) => ({ files: partFiles(root, 'tar') }),
} as const;

type SetName = keyof typeof SETS;

interface PrepareFlags {
  readonly root?: string;
  readonly out: string;
  readonly option: readonly string[];
  readonly clean: readonly string[];
  readonly splits: string;
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
    .option('--splits <names>', 'parts, with commas', 'train,dev,test')
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
      consola.success(`${flags.out}: manifest or tars, ledger and summary`);
    });
}

async function prepare(set: SetName, flags: PrepareFlags, cleaning: CleaningConfig): Promise<PrepareSummary> {
  const shard = flags.shard === undefined ? undefined : parseShard(flags.shard);
  const counter = createCounter('images');
  const show = ({ split, read, kept }: PrepareReport): void => {
    counter.show(read, `${split}: ${String(kept)} kept`);
  };
  const options = {
    out: flags.out,
    cleaning,
    splits: splitsOf(flags.splits),
    format: formatOf(flags.format),
    ...(shard ? { shard } : {}),
    ...(flags.against === undefined ? {} : { against: flags.against }),
  };
  return prepareSet(configOf(set, flags), options, show).finally(counter.stop);
}

/** The configuration of the reader: the set's keys, then those of `--option`. */
export function configOf(set: SetName, { root, option }: Pick<PrepareFlags, 'root' | 'option'>): DataConfig {
  if (root === undefined && set !== 'scenes')
    throw new InputError(`--root: expected the place of the set "${set}", got none`);
  const value = { reader: set, onInvalid: 'skip', ...SETS[set](root ?? ''), ...keysOf(option) };
  return checked(dataConfig, value, '--option');
}

function partFiles(root: string, extension: string): object {
  const files = (part: string): string[] => [`${root}/${part}*.${extension}`];
  return { train: files('train'), dev: files('dev'), test: files('test') };
}

/** `a.b=value` as `{a: {b: value}}`; values are YAML. */
function keysOf(pairs: readonly string[]): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const pair of pairs) {
    const { path, text } = /^(?<path>[a-zA-Z]\w*(?:\.[a-zA-Z]\w*)*)=(?<text>.*)$/u.exec(pair)?.groups ?? {};
    if (path === undefined) throw new InputError(`${pair}: expected key=value`);
    const keys = path.split('.');
    let place = result;
    for (const key of keys.slice(0, -1)) place = (place[key] ??= {}) as Record<string, unknown>;
    place[keys.at(-1) ?? ''] = parse(text ?? '');
  }
  return result;
}

function checked<T>(schema: z.ZodType<T>, value: unknown, flag: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.join('.') ?? '';
  throw new InputError(`${flag}: ${path === '' ? '' : `${path}: `}${issue?.message ?? 'invalid'}`);
}

function splitsOf(text: string): ('train' | 'dev' | 'test')[] {
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
