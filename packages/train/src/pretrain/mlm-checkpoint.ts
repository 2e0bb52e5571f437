import { InputError } from '@azclip/base';
import { readSafetensors, readSafetensorsHeader, writeSafetensors } from '@azclip/weights';

import type { HostTensors } from '../step/host-tensors.ts';
import type { PretrainConfig } from './config.ts';

/** A pre-training run as it stood after `step` steps. */
export interface MlmCheckpoint {
  readonly step: number;
  /** Parameters and moments by name. */
  readonly state: HostTensors;
}

/** Writes a checkpoint whole or not at all. */
export async function writeMlmCheckpoint(
  path: string,
  { step, state }: MlmCheckpoint,
  config: PretrainConfig,
): Promise<void> {
  const tensors = Object.entries(state).map(([name, tensor]) => ({ name, ...tensor }));
  await writeSafetensors(path, tensors, { format: 'azclip-mlm-1', step: String(step), config: identityOf(config) });
}

/** Reads a checkpoint of the run that `config` describes.
 * @throws {InputError} if the file is no such checkpoint, or its configuration is another. */
export async function readMlmCheckpoint(path: string, config: PretrainConfig): Promise<MlmCheckpoint> {
  const { metadata } = await readSafetensorsHeader(path);
  const step = Number(metadata['step'] ?? NaN);
  if (!Number.isInteger(step)) throw new InputError(`${path}: expected a checkpoint of pre-training`);
  if (metadata['config'] !== identityOf(config)) {
    throw new InputError(
      `${path}: expected the configuration that the run began with; start a run of another name instead`,
    );
  }
  const state: Record<string, HostTensors[string]> = {};
  for await (const { name, dtype, shape, data } of readSafetensors(path)) state[name] = { dtype, shape, data };
  return { step, state };
}

/** What of a configuration decides the numbers of a run. */
const identityOf = ({
  seed,
  language,
  corpora,
  tokenizer,
  tower,
  masking,
  train,
  evaluation,
}: PretrainConfig): string =>
  JSON.stringify({ seed, language, corpora, tokenizer, tower, masking, train, share: evaluation.share });
