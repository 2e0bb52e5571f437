import { createRandom } from '@azclip/base';
import { countParams, evaluation, flattenParams, type Mode } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { imageTowerConfig } from './config.ts';
import { createImageTower } from './create-image-tower.ts';

const small = { name: 'resnet', size: 16, widths: [4, 6], depths: [1, 1] };

const towerOf = (config: object) => createImageTower(imageTowerConfig.parse(config));

const pixels = (size: number, seed = 1): tf.Tensor4D => tf.randomNormal([2, size, size, 3], 0, 1, 'float32', seed);

const training = (updateBuffer: (buffer: tf.Tensor, updated: tf.Tensor) => void): Mode => ({
  training: true,
  keepMask: (shape) => tf.ones([...shape]),
  updateBuffer,
});

it('gives a row of features an image', async () => {
  const tower = await towerOf(small);
  const features = tower.apply(tower.init(createRandom(1)), pixels(16), evaluation);
  expect(features.shape).toEqual([2, 6]);
  expect(tower.featureDim).toBe(6);
  expect(tower.grid).toBeUndefined();
});

it('has the parameters that its form counts', async () => {
  const tower = await towerOf(small);
  // stem 3·3·3·4 + 8; stage 1: two of 9·4·4 + 8; stage 2: 9·4·6 + 12, 9·6·6 + 12, shortcut 4·6 + 12
  expect(countParams(tower.init(createRandom(1)))).toBe(116 + 2 * 152 + 228 + 336 + 36);
});

it('keeps the cells of a grid, whose mean is the average over all', async () => {
  const grid = await towerOf({ ...small, pooling: { grid: 2 } });
  const average = await towerOf(small);
  const params = grid.init(createRandom(1));
  const cells = tf.reshape(grid.apply(params, pixels(16), evaluation), [2, 4, 6]); // 4 × 4 cells in quarters
  expect(grid).toMatchObject({ featureDim: 24, grid: { rows: 2, columns: 2, channels: 6 } });
  expect(tf.mean(cells, 1).dataSync()).toBeAllClose(average.apply(params, pixels(16), evaluation).dataSync());
  expect(tf.moments(cells, 1).variance.min().dataSync()[0]).toBeGreaterThan(0);
});

it('hands over the running statistics of every norm while training', async () => {
  const tower = await towerOf(small);
  const params = tower.init(createRandom(1));
  const updated = new Set<tf.Tensor>();
  tower.apply(
    params,
    pixels(16),
    training((buffer) => updated.add(buffer)),
  );
  const buffers = Object.entries(flattenParams(params)).filter(([name]) => /running(Mean|Var)$/u.test(name));
  expect([...updated]).toEqual(expect.arrayContaining(buffers.map(([, tensor]) => tensor)));
  expect(updated.size).toBe(buffers.length);
});

it('frees all but its result', async () => {
  const tower = await towerOf({ ...small, block: 'bottleneck', stem: { kernel: 7, stride: 2, maxPool: true } });
  const params = tower.init(createRandom(1));
  const x = pixels(16);
  const before = tf.memory().numTensors;
  tower.apply(params, x, evaluation).dispose();
  expect(tf.memory().numTensors).toBe(before);
});

it('names the shape that it expects', async () => {
  const tower = await towerOf(small);
  expect(() => tower.apply(tower.init(createRandom(1)), pixels(8), evaluation)).toThrow(
    'resnet: pixels: expected [-1, 16, 16, 3], got [2, 8, 8, 3]',
  );
});

it('gives the same parameters for the same seed', async () => {
  const tower = await towerOf(small);
  const filter = (seed: number) => flattenParams(tower.init(createRandom(seed)))['stage2.0.units.1.filter'];
  expect(filter(3)?.dataSync()).toEqual(filter(3)?.dataSync());
  expect(filter(3)?.dataSync()).not.toEqual(filter(4)?.dataSync());
});
describe('imageTowerConfig', () => {
  it('names the key that is misspelt', () => {
    expect(() => imageTowerConfig.parse({ ...small, width: [1] })).toThrow('width');
  });

  it('asks for a depth of each stage', () => {
    expect(() => imageTowerConfig.parse({ ...small, depths: [1] })).toThrow('expected as many numbers as widths');
  });

  it('asks for no finer grid than the last map has', () => {
    // 16 pixels, halved by the stem and the second stage
    expect(() => imageTowerConfig.parse({ ...small, pooling: { grid: 5 } })).toThrow('the last map, 4');
    expect(imageTowerConfig.parse({ ...small, pooling: { grid: 4 } })).toHaveProperty('pooling', { grid: 4 });
  });
});
