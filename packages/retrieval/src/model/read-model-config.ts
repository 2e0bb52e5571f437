import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { writeFileAtomic } from '@azclip/base';

import { ModelError } from './model-error.ts';
import { modelConfig, type ModelConfig } from './model-config.ts';
import { fingerprintOf } from './model-fingerprint.ts';

/** Reads and checks `config.json` of a model folder.
 * @throws {ModelError} if it is missing, is no JSON, has a wrong key or a fingerprint that is not that of its digests. */
export async function readModelConfig(folder: string): Promise<ModelConfig> {
  const path = join(folder, 'config.json');
  const parsed = modelConfig.safeParse(parseJson(path, await readModelFile(folder, 'config.json')));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const key = issue?.path.join('.') ?? '';
    throw new ModelError(`${path}: ${key === '' ? '' : `${key}: `}${issue?.message ?? 'not a model configuration'}`);
  }
  const { digests, fingerprint, preprocessing } = parsed.data;
  const expected = fingerprintOf(digests, preprocessing);
  if (fingerprint === expected) return parsed.data;
  throw new ModelError(`${path}: fingerprint: expected ${expected} from digests and preprocessing, got ${fingerprint}`);
}

/** Writes `config.json` of a model folder, whole or not at all. */
export async function writeModelConfig(folder: string, config: ModelConfig): Promise<void> {
  await writeFileAtomic(join(folder, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
}

/** Reads one file of a model folder.
 * @throws {ModelError} if it is missing or cannot be read. */
export async function readModelFile(folder: string, name: string): Promise<Uint8Array> {
  try {
    return await readFile(join(folder, name));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const files = 'config.json, tokenizer.json, image.onnx and text.onnx';
    throw new ModelError(`${join(folder, name)}: expected a model folder with ${files}, got ${code ?? String(error)}`);
  }
}

function parseJson(path: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    throw new ModelError(`${path}: expected JSON, got something else`);
  }
}
