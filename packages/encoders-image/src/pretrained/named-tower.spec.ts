import { createRandom, InputError } from '@azclip/base';
import { evaluation, flattenParams, isBuffer, unflattenParams, type Mode } from '@azclip/nn';
import { writeSafetensors, type KeyRule } from '@azclip/weights';
import { formulaTensor } from '@azclip/weights/formula';
import { existsSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';

import { imageTowerConfig } from '../config.ts';
import { createImageTower } from '../create-image-tower.ts';
import { zeros } from '../formula.spec.support.ts';
import type { ImageTower } from '../image-tower.ts';
import { namedConfig } from '../named-config.ts';
import { namedNetwork } from '../named-network.ts';
import { loadImageWeights } from './load-image-weights.ts';

const small = { name: 'mobilenet_v2', width: 0.1, size: 32 };

const towerOf = (options: object): Promise<ImageTower> =>
  createImageTower(imageTowerConfig.parse({ ...small, ...options }));

function shapesOf(tower: ImageTower): Record<string, number[]> {
  const tensors = flattenParams(tower.init(zeros));
  tf.dispose(tensors);
  return Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, shape]));
}

/** The shape that a library stores one of ours in. */
function storedShape({ layout }: KeyRule, shape: readonly number[]): readonly number[] {
  const [height = 1, width = 1, from = 1, to = 1] = shape.length === 2 ? [1, 1, ...shape] : shape;
  if (layout === 'conv') return [to, from, height, width];
  return layout === 'depthwise' ? [from, 1, height, width] : shape;
}

const folders = new Map<string, Promise<string>>();

/** A folder with a file as torchvision's users save it; `salt` makes other values. */
function savedWeights(config: object = small, salt = ''): Promise<string> {
  const key = JSON.stringify([config, salt]);
  const folder = folders.get(key) ?? saveWeights(config, salt);
  folders.set(key, folder);
  return folder;
}

async function saveWeights(config: object, salt: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'azclip-'));
  const [map] = namedNetwork(namedConfig.parse(config)).keyMaps;
  const shapes = shapesOf(await createImageTower(imageTowerConfig.parse(config)));
  const tensors = (map?.rules ?? []).flatMap((rule) => {
    const shape = shapes[rule.ours];
    if (!shape) return [];
    const stored = storedShape(rule, shape);
    const values = formulaTensor(salt + rule.stored, stored);
    return [{ name: rule.stored, dtype: 'float32' as const, shape: stored, data: values }];
  });
  await writeSafetensors(join(folder, 'model.safetensors'), tensors);
  return folder;
}

const pixels = (size = 32): tf.Tensor4D => tf.randomNormal([1, size, size, 3], 0, 1, 'float32', 3);

async function loaded(config: object): Promise<Record<string, tf.Tensor>> {
  const tower = await createImageTower(imageTowerConfig.parse(config));
  const tensors: Record<string, tf.Tensor> = {};
  for await (const { name, shape, data } of loadImageWeights(namedConfig.parse(config), shapesOf(tower))) {
    tensors[name] = tf.tensor(data, [...shape]);
  }
  return tensors;
}

it('reads every parameter from the weights, in our layout', async () => {
  const weights = await savedWeights();
  const tensors = await loaded({ ...small, weights });
  expect(Object.keys(tensors).sort()).toEqual(Object.keys(shapesOf(await towerOf({}))).sort());
  const stored = formulaTensor('features.0.0.weight', [8, 3, 3, 3]);
  const [row, column, from, to] = [2, 0, 1, 5];
  const entry = tensors['stem.filter']?.slice([row, column, from, to], [1, 1, 1, 1]).dataSync()[0];
  expect(entry).toBe(stored[to * 27 + from * 9 + row * 3 + column]);
});

it('holds the weights itself where all is frozen, and its fingerprint follows them', async () => {
  const weights = await savedWeights();
  const before = tf.memory().numTensors;
  const frozen = await towerOf({ weights, freeze: 'all' });
  const features = frozen.apply({}, pixels(), evaluation).dataSync();
  frozen.dispose();
  expect(tf.memory().numTensors - before).toBe(2); // pixels and features
  const tower = await towerOf({});
  const params = unflattenParams(tower.init(zeros), await loaded({ ...small, weights }));
  expect(features).toBeAllClose(tower.apply(params, pixels(), evaluation).dataSync());
  const others = await towerOf({ weights: await savedWeights(small, 'other '), freeze: 'all' });
  const again = await towerOf({ weights: await savedWeights(), freeze: 'all' });
  expect([frozen.fingerprint, others.fingerprint]).toEqual([
    again.fingerprint,
    expect.not.stringMatching(again.fingerprint ?? ''),
  ]);
});

it('keeps the first stages as they are: parameters and statistics', async () => {
  const tower = await towerOf({ freeze: 2 });
  const params = tower.init(createRandom(1));
  const names = Object.keys(flattenParams(params));
  const frozen = new Set(names.filter((name) => tower.isFrozen(name)).map((name) => name.split('.')[0]));
  expect([...frozen]).toEqual(['stem', 'stage1']);
  const updated = new Set<tf.Tensor>();
  const mode: Mode = {
    training: true,
    keepMask: (shape) => tf.ones([...shape]),
    updateBuffer: (buffer) => updated.add(buffer),
  };
  tower.apply(params, pixels(), mode);
  const byName = flattenParams(params);
  expect(names.filter((name) => updated.has(byName[name] as tf.Tensor))).toEqual(
    names.filter((name) => isBuffer(name) && !tower.isFrozen(name)),
  );
});

it('takes the preprocessing that stands beside the weights', async () => {
  const weights = await saveWeights(small, '');
  const cfg = { input_size: [3, 224, 224], interpolation: 'bicubic', crop_pct: 0.875, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] }; // prettier-ignore
  await writeFile(join(weights, 'config.json'), JSON.stringify({ architecture: 'x', pretrained_cfg: cfg }));
  expect((await towerOf({ weights })).preprocessing).toEqual({
    size: 32,
    resize: 36, // ⌊32 / 0.875⌋
    fit: 'crop',
    interpolation: 'bicubic',
    mean: [0.5, 0.5, 0.5],
    std: [0.5, 0.5, 0.5],
  });
  expect((await towerOf({ weights: await savedWeights() })).preprocessing.resize).toBe(37); // 256 · 32 / 224
});

describe('a wrong configuration', () => {
  it('freezes more stages than there are', async () => {
    await expect(towerOf({ freeze: 10 })).rejects.toThrow('freeze: expected "all" or at most 9 stages of mobilenet_v2');
  });

  it('freezes all of a network without weights', async () => {
    await expect(towerOf({ freeze: 'all' })).rejects.toThrow('weights: expected those of mobilenet_v2');
  });

  it('names weights of another network, or none that are there', async () => {
    const weights = await savedWeights({ ...small, width: 0.25 });
    await expect(towerOf({ weights, freeze: 'all' })).rejects.toThrow(
      /expected the weights of torchvision MobileNetV2, got \d+ of another shape: /u,
    );
    await expect(towerOf({ weights: '/nowhere', freeze: 'all' })).rejects.toBeInstanceOf(InputError);
  });

  it('has a preprocessing of another size', async () => {
    const preprocessing = {
      size: 64,
      resize: 64,
      fit: 'crop',
      interpolation: 'bilinear',
      mean: [0, 0, 0],
      std: [1, 1, 1],
    };
    await expect(towerOf({ preprocessing })).rejects.toThrow('preprocessing.size: expected 32 like size, got 64');
  });
});

const mobilenet = join(import.meta.dirname, '../../../../../shared/data/mobilenetv2-035');

(existsSync(mobilenet) ? it : it.skip)(`a TF.js folder as a network that learns (needs ${mobilenet})`, async () => {
  const config = { name: 'mobilenet_v2', width: 0.35, library: 'keras', size: 64, weights: mobilenet };
  const tower = await createImageTower(imageTowerConfig.parse(config));
  const params = unflattenParams(tower.init(zeros), await loaded(config));
  const loadedByTfjs = await createImageTower(imageTowerConfig.parse({ name: 'tfjs', folder: mobilenet, size: 64 }));
  const x = tf.clipByValue<tf.Tensor4D>(pixels(64), -1, 1);
  const [ours, theirs] = [tower.apply(params, x, evaluation), loadedByTfjs.apply({}, x, evaluation)];
  expect(ours.dataSync()).toBeAllClose(theirs.dataSync(), 1e-4);
  expect(tower.preprocessing).toEqual(loadedByTfjs.preprocessing);
});
