import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { InputError } from '@azclip/base';

import { fetchFromHub, type HubOptions } from './hub/fetch-from-hub.ts';
import { HubError } from './hub/hub-error.ts';
import { parseHubId } from './hub/hub-id.ts';

/** Where weights stand. */
export interface WeightsLocation {
  /** Folder of the weights and of what came with them: `config.json`, `tokenizer.json`, … */
  readonly folder: string;
  /** The safetensors files, one or the parts of one. */
  readonly files: readonly string[];
}

/** Small files that are fetched along with the weights where a repository has them. */
const companions: ReadonlySet<string> = new Set([
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'vocab.txt',
  'open_clip_config.json',
  'preprocessor_config.json',
]);

/** Finds weights by what a config names: a safetensors file, a folder that holds one, or a hub id `owner/name[@revision]`,
 * fetched into the cache. What exists on disk goes before the hub.
 * @throws {InputError} saying what was expected. */
export async function resolveWeights(spec: string, hub: HubOptions): Promise<WeightsLocation> {
  const local = await stat(spec).catch(() => undefined);
  if (local?.isFile() === true) return { folder: dirname(spec), files: [spec] };
  if (local?.isDirectory() === true) return inFolder(spec, spec);
  const id = parseHubId(spec);
  if (!id)
    throw new InputError(`weights: expected a file, a folder or a hub id "owner/name[@revision]", got "${spec}"`);
  const wanted = (available: readonly string[]): string[] => {
    const weights = chooseWeights(available);
    return weights.length === 0 ? [] : [...weights, ...available.filter((name) => companions.has(name))];
  };
  try {
    return await inFolder(await fetchFromHub(id, wanted, hub), spec);
  } catch (error) {
    if (error instanceof HubError)
      throw new HubError(`weights: no file or folder "${spec}"; on the hub: ${error.message}`);
    throw error;
  }
}

async function inFolder(folder: string, spec: string): Promise<WeightsLocation> {
  const names = await readdir(folder).catch(() => []);
  const files = chooseWeights(names).map((name) => join(folder, name));
  if (files.length > 0) return { folder, files };
  const pickle = names.find((name) => /\.(?:bin|pth?|ckpt)$/u.test(name));
  const found = pickle === undefined ? '' : `; ${basename(pickle)} is a pickle, which is not read: convert it`;
  throw new InputError(
    `weights: expected safetensors in ${spec}, got none or several that are not parts of one${found}`,
  );
}

/** The files that hold the weights, by the names in use; several `*.safetensors` of other names are ambiguous. */
function chooseWeights(names: readonly string[]): string[] {
  for (const name of ['model.safetensors', 'open_clip_model.safetensors']) if (names.includes(name)) return [name];
  const parts = names.filter((name) => /^model-\d{5}-of-\d{5}\.safetensors$/u.test(name)).sort();
  const expected = Number(/of-(\d+)/u.exec(parts[0] ?? '')?.[1] ?? NaN);
  if (parts.length === expected) return parts;
  const others = names.filter((name) => /^[^/]+\.safetensors$/u.test(name));
  return others.length === 1 ? others : [];
}
