import { InputError } from '@azclip/base';
import {
  matchKeys,
  readMapped,
  readSafetensorsHeader,
  resolveWeights,
  toOurs,
  type HubOptions,
  type KeyMap,
  type NamedTensor,
  type TargetShapes,
} from '@azclip/weights';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { readModelFolder } from '../frozen/model-folder.ts';
import type { NamedConfig } from '../named-config.ts';
import { namedNetwork } from '../named-network.ts';

/** Where weights that are not on disk come from. */
export interface ImageWeightsOptions {
  /** Where hub ids are fetched from and kept; without it only what is on disk is taken. */
  readonly hub?: HubOptions | undefined;
}

/** Asks no hub. */
export const noHub: HubOptions = { cacheDir: '.', offline: true };

/** Streams the parameters of a network from the weights that its config names, under torchvision's or timm's names, or
 * out of a TF.js layers folder under those of Keras.
 * @param shapes - the tower's parameters, shape by dotted name.
 * @throws {InputError} if no weights are named, or naming what is missing, unexpected or of another shape. */
export async function* loadImageWeights(
  config: NamedConfig,
  shapes: TargetShapes,
  { hub = noHub }: ImageWeightsOptions = {},
): AsyncGenerator<NamedTensor> {
  if (config.weights === undefined) throw new InputError('weights: expected a file, a folder or a hub id, got none');
  const { keyMaps } = namedNetwork(config);
  if (isTfjsFolder(config.weights)) {
    yield* readTfjsFolder(config.weights, keyMaps, shapes);
    return;
  }
  const { files } = await resolveWeights(config.weights, hub);
  const headers = await Promise.all(files.map((file) => readSafetensorsHeader(file)));
  const names = headers.flatMap(({ tensors }) => tensors.map(({ name }) => name));
  yield* readMapped(files, closestMap(names, keyMaps), shapes, { mayMiss: isEnhancement });
}

/** Whether the parameter belongs to what is added to a network, so that no file of the network has it. */
const isEnhancement = (name: string): boolean => /^(?:head\.(?:gate|fusion)|scales)\./u.test(name);

/** Whether a TF.js model stands in the folder. */
export const isTfjsFolder = (folder: string): boolean => existsSync(join(folder, 'model.json'));

async function* readTfjsFolder(
  folder: string,
  keyMaps: readonly KeyMap[],
  shapes: TargetShapes,
): AsyncGenerator<NamedTensor> {
  const { path, weights } = await readModelFolder(folder);
  const names = weights.map(({ name }) => name);
  const matches = named(path, () => matchKeys(closestMap(names, keyMaps), weights, shapes, isEnhancement));
  for (const { name, shape, data } of weights) {
    for (const match of matches.get(name) ?? []) yield toOurs({ shape, data }, match);
  }
}

function named<T>(path: string, match: () => T): T {
  try {
    return match();
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${path}: ${error.message}`);
    throw error;
  }
}

/** The map that knows the most of the names. */
export function closestMap(names: readonly string[], maps: readonly KeyMap[]): KeyMap {
  const known = maps.map(({ rules, canonical }) => {
    const stored = new Set(rules.map((rule) => rule.stored));
    return names.filter((name) => stored.has(canonical?.(name) ?? name)).length;
  });
  const best = maps[known.indexOf(Math.max(...known))];
  if (!best) throw new RangeError('key maps: expected at least one');
  return best;
}
