import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { InputError } from '@azclip/base';
import { type FitConfig, parseFitConfig } from '@azclip/train';

import type { ExperimentConfig } from './config.ts';
import { type Fragment, merge } from './merge.ts';

/** One run of a grid. */
export interface Job {
  /** Choices joined, such as `resnet-flat-margin-seed1`; the name of its folder. */
  readonly id: string;
  /** The choice of each axis, `set` among them. */
  readonly choices: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly fit: FitConfig;
  /** Of everything that decides the result: the run, and the sets it is scored on. */
  readonly digest: string;
  /** Folder of its result, log and run. */
  readonly folder: string;
}

/** Makes the jobs of a grid, in the order of rows and seeds, and checks every one of them.
 * @param source - name of the file, for messages.
 * @throws {InputError} naming the row, axis or key that is wrong. */
export function makeJobs(config: ExperimentConfig, source = 'experiment'): Job[] {
  const rows =
    config.rows?.map((row, i) => completeRow(config, row, `${source}: rows.${String(i)}`)) ?? allRows(config);
  const jobs = rows.flatMap((choices) => config.seeds.map((seed) => jobOf(config, choices, seed, source)));
  const ids = new Set<string>();
  for (const { id } of jobs) {
    if (ids.has(id)) throw new InputError(`${source}: rows: expected different runs, got ${id} twice`);
    ids.add(id);
  }
  return jobs;
}

function jobOf(config: ExperimentConfig, choices: Readonly<Record<string, string>>, seed: number, source: string): Job {
  const id = [...namesOf(config, choices), `seed${String(seed)}`].join('-');
  const set = config.sets[choices['set'] ?? ''];
  const folder = join(config.output, 'jobs', id);
  let run: Fragment = merge(config.base, { data: set?.data, language: set?.language });
  for (const [axis, options] of Object.entries(config.axes)) run = merge(run, options[choices[axis] ?? ''] ?? {});
  const fit = parseFitConfig({ ...run, name: 'run', output: folder, seed }, `${source}: ${id}`);
  const decides = { ...fit, output: undefined, featureCache: undefined, imageCache: undefined }; // folders may move
  const scored = { sets: config.sets, resamples: config.resamples };
  const digest = createHash('sha256')
    .update(JSON.stringify([decides, scored]))
    .digest('hex');
  const shared = {
    featureCache: fit.featureCache ?? join(config.output, 'features'),
    imageCache: fit.imageCache ?? join(config.output, 'images'),
  };
  return { id, choices, seed, fit: { ...fit, ...shared }, digest, folder };
}

/** The choices that tell a run from others: those of axes with more than one. */
function namesOf(config: ExperimentConfig, choices: Readonly<Record<string, string>>): string[] {
  const several = Object.entries(choices).filter(([axis]) => axis === 'set' || sizeOf(config.axes[axis]) > 1);
  return several.map(([, choice]) => choice);
}

const sizeOf = (options: object | undefined): number => Object.keys(options ?? {}).length;

/** The axes and their choices, data sets last. */
function axesOf(config: ExperimentConfig): [string, string[]][] {
  const axes = Object.entries(config.axes).map(([axis, options]): [string, string[]] => [axis, Object.keys(options)]);
  return [...axes, ['set', Object.keys(config.sets)]];
}

function allRows(config: ExperimentConfig): Record<string, string>[] {
  return axesOf(config).reduce<Record<string, string>[]>(
    (rows, [axis, names]) => rows.flatMap((row) => names.map((name) => ({ ...row, [axis]: name }))),
    [{}],
  );
}

function completeRow(
  config: ExperimentConfig,
  row: Readonly<Record<string, string>>,
  place: string,
): Record<string, string> {
  const axes = axesOf(config);
  const unknown = Object.keys(row).find((axis) => !axes.some(([name]) => name === axis));
  if (unknown !== undefined) {
    throw new InputError(`${place}: expected one of ${axes.map(([axis]) => axis).join(', ')}, got "${unknown}"`);
  }
  const complete = axes.map(([axis, names]) => {
    const choice = row[axis] ?? (names.length === 1 ? names[0] : undefined);
    if (choice !== undefined && names.includes(choice)) return [axis, choice];
    throw new InputError(`${place}.${axis}: expected one of ${names.join(', ')}, got ${choice ?? 'none'}`);
  });
  return Object.fromEntries(complete) as Record<string, string>;
}
