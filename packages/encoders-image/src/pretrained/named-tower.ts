import { createRandom, InputError } from '@azclip/base';
import type { ImagePreprocessing } from '@azclip/data';
import { evaluation, flattenParams, unflattenParams, type ParamTree } from '@azclip/nn';
import { resolveWeights } from '@azclip/weights';
import { createHash } from 'node:crypto';
import * as tf from '@tensorflow/tfjs';

import { checkEnhancements } from '../enhancements.ts';
import type { ImageTower } from '../image-tower.ts';
import type { NamedConfig } from '../named-config.ts';
import { namedNetwork, usualPreprocessing } from '../named-network.ts';
import { towerOf } from '../network/tower-of.ts';
import { isTfjsFolder, loadImageWeights, noHub, type ImageWeightsOptions } from './load-image-weights.ts';
import { storedPreprocessing } from './stored-preprocessing.ts';

/** The tower of a network of the literature. Its pretrained values come by {@link loadImageWeights}; where all of it is
 * frozen the tower holds them itself, and its features may be cached.
 * @throws {InputError} if more stages are to be frozen than there are, or a frozen tower names no weights. */
export async function namedTower(config: NamedConfig, options: ImageWeightsOptions): Promise<ImageTower> {
  const { name, freeze } = config;
  const { network } = namedNetwork(config);
  const stages = network.stages.length;
  if (freeze !== 'all' && freeze > stages) {
    throw new InputError(
      `freeze: expected "all" or at most ${String(stages)} stages of ${name}, got ${String(freeze)}`,
    );
  }
  const preprocessing = await preprocessingOf(config, options);
  checkEnhancements(config);
  const tower = towerOf(network, {
    name,
    preprocessing,
    freeze: freeze === 'all' ? stages : freeze,
    enhancements: config,
  });
  return freeze === 'all' ? frozenTower(tower, config, options) : tower;
}

async function preprocessingOf(config: NamedConfig, { hub = noHub }: ImageWeightsOptions): Promise<ImagePreprocessing> {
  const { size, weights, preprocessing } = config;
  if (preprocessing && preprocessing.size !== size) {
    throw new InputError(`preprocessing.size: expected ${String(size)} like size, got ${String(preprocessing.size)}`);
  }
  if (preprocessing || weights === undefined || isTfjsFolder(weights))
    return preprocessing ?? usualPreprocessing(config);
  const { folder } = await resolveWeights(weights, hub);
  return (await storedPreprocessing(folder, size)) ?? usualPreprocessing(config);
}

async function frozenTower(tower: ImageTower, config: NamedConfig, options: ImageWeightsOptions): Promise<ImageTower> {
  if (config.weights === undefined) {
    throw new InputError(`weights: expected those of ${config.name}, as all of it is frozen, got none`);
  }
  const { params, fingerprint } = await storedParams(tower, config, options);
  return {
    ...tower,
    fingerprint,
    init: () => ({}),
    isFrozen: () => true,
    apply: (_, pixels) => tower.apply(params, pixels, evaluation),
    dispose: () => {
      tf.dispose(flattenParams(params));
    },
  };
}

/** The parameters out of the weights, and a hash of their values and of the network's form. */
async function storedParams(
  tower: ImageTower,
  config: NamedConfig,
  options: ImageWeightsOptions,
): Promise<{ readonly params: ParamTree; readonly fingerprint: string }> {
  const form = tower.init(createRandom(0));
  const fresh = flattenParams(form);
  const shapes = Object.fromEntries(Object.entries(fresh).map(([name, { shape }]) => [name, shape]));
  tf.dispose(fresh);
  const ownForm = { ...config, weights: undefined, freeze: undefined, preprocessing: undefined };
  const hash = createHash('sha256').update(JSON.stringify(ownForm));
  const loaded: Record<string, tf.Tensor> = {};
  for await (const { name, shape, data } of loadImageWeights(config, shapes, options)) {
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    loaded[name] = tf.tensor(data, [...shape]);
  }
  return { params: unflattenParams(form, loaded), fingerprint: hash.digest('hex') };
}
