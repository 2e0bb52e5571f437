import { InputError } from '@azclip/base';
import { readSafetensors, readSafetensorsHeader, writeSafetensors } from '@azclip/weights';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';

import { fitConfig, type FitConfig } from '../config.ts';
import { onFullDisk } from './on-full-disk.ts';
import type { RunFolder } from './run-folder.ts';
import type { HostTensors } from '../step/host-tensors.ts';

const progressSchema = z.strictObject({
  phase: z.enum(['distillation', 'contrastive']).default('contrastive'),
  /** Steps done, over the whole run. */
  step: z.int().nonnegative(),
  /** Epoch of the phase under way, 0-based. */
  epoch: z.int().nonnegative(),
  /** Batches of that epoch that are done. */
  batch: z.int().nonnegative(),
  /** Sum of the losses of those batches, nats: the epoch's mean goes on from it. */
  lossSum: z.number(),
  /** Best value so far of the score that names the best checkpoint, and its epoch. */
  bestScore: z.number().optional(),
  bestEpoch: z.int().optional(),
});

/** How far a run has come: with the state, all that decides how it goes on. */
export type Progress = z.output<typeof progressSchema>;

/** The progress of a run that has not begun. */
export const noProgress: Progress = { phase: 'contrastive', step: 0, epoch: 0, batch: 0, lossSum: 0 };

/** The checkpoint of a run called `last` or `best`. */
export const checkpointPath = ({ checkpoints }: Pick<RunFolder, 'checkpoints'>, name: 'last' | 'best'): string =>
  join(checkpoints, `${name}.safetensors`);

/** A run as it stood after one step. */
export interface Checkpoint {
  /** Parameters and moments by name. */
  readonly state: HostTensors;
  readonly progress: Progress;
}

/** Writes a checkpoint as one safetensors file, whole or not at all: a crash or a full disk leaves the one before.
 * Progress and the configuration's identity stand in its metadata. */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint, config: FitConfig): Promise<void> {
  const tensors = Object.entries(checkpoint.state).map(([name, tensor]) => ({ name, ...tensor }));
  const metadata = {
    format: 'azclip-checkpoint-1',
    progress: JSON.stringify(checkpoint.progress),
    config: JSON.stringify(identityOf(config)),
  };
  await onFullDisk(path, () => writeSafetensors(path, tensors, metadata));
}

/** Reads a checkpoint of the run that `config` describes.
 * @throws {InputError} if the file is no checkpoint, or names the first key in which its configuration differs. */
export async function readCheckpoint(path: string, config: FitConfig): Promise<Checkpoint> {
  const { metadata } = await readSafetensorsHeader(path);
  const { progress, config: written } = metadata;
  if (progress === undefined || written === undefined) throw new InputError(`${path}: expected a checkpoint of azclip`);
  const difference = firstDifference(writtenIdentity(written), identityOf(config));
  if (difference !== undefined) throw new InputError(`${path}: ${difference}; start a run of another name instead`);
  const state: Record<string, HostTensors[string]> = {};
  for await (const { name, dtype, shape, data } of readSafetensors(path)) state[name] = { dtype, shape, data };
  return { state, progress: progressSchema.parse(JSON.parse(progress)) };
}

/** A stored state with the entries in the order of the run's own: sums over all parameters, such as the norm of the
 * gradients, are taken in that order, and another order is another rounding.
 * @throws {InputError} naming an entry that one of the two lacks. */
export function inOrderOf(own: HostTensors, stored: HostTensors, path: string): HostTensors {
  const unknown = Object.keys(stored).find((name) => !(name in own));
  if (unknown !== undefined) throw new InputError(`${path}: "${unknown}" does not belong to this run`);
  return Object.fromEntries(
    Object.keys(own).map((name) => {
      const tensor = stored[name];
      if (!tensor) throw new InputError(`${path}: "${name}" is missing`);
      return [name, tensor];
    }),
  );
}

/** sha256 of a state, values and names: two runs that are equal to the bit have the same. */
export function stateDigest(state: HostTensors): string {
  const hash = createHash('sha256');
  for (const name of Object.keys(state).sort()) {
    const { shape, data } = state[name] as HostTensors[string];
    hash.update(`${name}[${shape.join()}]`);
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}

/** What of a configuration decides the numbers of a run. */
function identityOf(config: FitConfig): object {
  const deciding = { ...without(config, movable), train: without(config.train, savingOnly) };
  return JSON.parse(JSON.stringify(deciding)) as object;
}

/** The identity in a file; keys that its version did not have yet stand at their defaults. */
function writtenIdentity(json: string): unknown {
  const written = JSON.parse(json) as object;
  const whole = fitConfig.safeParse({ name: 'run', ...written });
  return whole.success ? identityOf(whole.data) : written;
}

/** Keys that decide where and on what a run goes on, not its numbers. */
const movable: ReadonlySet<string> = new Set([
  'name',
  'output',
  'backend',
  'featureCache',
  'imageCache',
  'hub',
  'cost',
]);

/** Keys of `train` that decide how often a run is saved. */
const savingOnly: ReadonlySet<string> = new Set(['checkpointEverySteps', 'checkpointEveryMinutes']);

const without = (record: object, keys: ReadonlySet<string>): object =>
  Object.fromEntries(Object.entries(record).filter(([key]) => !keys.has(key)));

/** Says in words where two values first differ, key by key; undefined where they are equal. */
function firstDifference(before: unknown, now: unknown, path = ''): string | undefined {
  if (isRecord(before) && isRecord(now)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
      const difference = firstDifference(before[key], now[key], path === '' ? key : `${path}.${key}`);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  const [was, is] = [textOf(before), textOf(now)];
  return was === is ? undefined : `${path} was ${was} when it was written, is ${is} now`;
}

const textOf = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value));

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
