import type { ImagePreprocessing } from '@azclip/data';
import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';

import type { ImageTower } from '../image-tower.ts';
import { cachedFeatures, type CachedFeaturesOptions, type IdentifiedImage } from './cached-features.ts';

const preprocessing: ImagePreprocessing = {
  size: 2,
  resize: 2,
  fit: 'squash',
  interpolation: 'bilinear',
  mean: [0, 0, 0],
  std: [1, 1, 1],
};

/** Red and green of the first pixel, doubled. */
const tower: ImageTower = {
  name: 'doubled',
  fingerprint: 'weights',
  preprocessing,
  featureDim: 2,
  grid: undefined,
  init: () => ({ factor: tf.scalar(2) }),
  isFrozen: () => true,
  apply: (params, pixels) =>
    tf.tidy(() => {
      const { factor } = params as Readonly<Record<string, tf.Tensor>>;
      return tf.mul(tf.reshape(tf.slice(pixels, [0, 0, 0, 0], [-1, 1, 1, 2]), [-1, 2]), factor as tf.Tensor);
    }),
  dispose: () => undefined,
};

/** An image of one grey: its features are that grey and its double. */
const image = (id: string, grey: number): IdentifiedImage => ({
  id,
  source: { pixels: new Uint8Array(12).fill(grey), width: 2, height: 2, name: id },
});

function counting() {
  const batches: number[] = [];
  const compute = (pixels: Float32Array, batch: number): Promise<Float32Array> => {
    batches.push(batch);
    const greys = Array.from({ length: batch }, (_, i) => Math.round((pixels[i * 12] ?? 0) * 255));
    return Promise.resolve(Float32Array.from(greys.flatMap((grey) => [grey, 2 * grey])));
  };
  return { batches, compute };
}

const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'azclip-'));

async function run(images: readonly IdentifiedImage[], options: CachedFeaturesOptions, of = tower) {
  const all: [string, number[], boolean][] = [];
  for await (const { id, features, cached } of cachedFeatures(of, images, options)) {
    all.push([id, [...features], cached]);
  }
  return all;
}

const greys = [image('a', 1), image('b', 2), image('c', 3)];

it('computes once and then reads, in the order of the images', async () => {
  const folder = await newFolder();
  const { batches, compute } = counting();
  expect(await run(greys, { folder, compute, batchSize: 2 })).toEqual([
    ['a', [1, 2], false],
    ['b', [2, 4], false],
    ['c', [3, 6], false],
  ]);
  expect(await run([image('d', 4), ...greys].reverse(), { folder, compute, batchSize: 2 })).toEqual([
    ['c', [3, 6], true],
    ['b', [2, 4], true],
    ['a', [1, 2], true],
    ['d', [4, 8], false],
  ]);
  expect(batches).toEqual([2, 1, 1]);
});

it('goes by content: another name is the same image, other weights or preprocessing are not the same features', async () => {
  const folder = await newFolder();
  const { batches, compute } = counting();
  await run(greys, { folder, compute });
  expect(await run([image('renamed', 2)], { folder, compute })).toEqual([['renamed', [2, 4], true]]);
  await run(greys, { folder, compute }, { ...tower, fingerprint: 'others' });
  await run(greys, { folder, compute }, { ...tower, preprocessing: { ...preprocessing, fit: 'crop' } });
  expect(batches).toEqual([3, 3, 3]);
  expect(await readdir(folder)).toHaveLength(3);
});

it('keeps what it has when the consumer stops', async () => {
  const folder = await newFolder();
  const { batches, compute } = counting();
  for await (const { id } of cachedFeatures(tower, greys, { folder, compute, batchSize: 1 })) {
    if (id === 'b') break;
  }
  await run(greys.slice(0, 2), { folder, compute });
  expect(batches.length).toBeLessThanOrEqual(3);
  expect(await run(greys.slice(0, 2), { folder, compute })).toMatchObject([{ 2: true }, { 2: true }]);
});

it('reports a corrupt image and goes on, or stops, as it is told', async () => {
  const { compute } = counting();
  const broken = { id: 'x', source: { bytes: Buffer.from('no image'), name: 'x.jpg' } };
  const issues: string[] = [];
  const options = { folder: await newFolder(), compute };
  const ids: string[] = [];
  const onIssue = ({ place }: { readonly place: string }): number => issues.push(place);
  for await (const { id } of cachedFeatures(tower, [broken, ...greys], { ...options, onCorrupt: 'skip', onIssue }))
    ids.push(id);
  expect([ids, issues]).toEqual([['a', 'b', 'c'], ['x.jpg']]);
  await expect(run([broken], options)).rejects.toThrow('x.jpg');
});

it('names the file that is not there, and the tower whose features would change', async () => {
  const { compute } = counting();
  const folder = await newFolder();
  const missing = { id: 'y', source: { path: join(folder, 'y.jpg') } };
  await expect(run([missing], { folder, compute })).rejects.toThrow('y.jpg: expected a readable file, got ENOENT');
  const learning = { ...tower, fingerprint: undefined };
  await expect(cachedFeatures(learning, greys, { folder, compute }).next()).rejects.toThrow(
    'doubled: expected a frozen tower',
  );
});

it('computes by the traced tower where nothing else is given, whatever the size of the last batch', async () => {
  const before = tf.memory().numTensors;
  const features = await run(greys, { folder: await newFolder(), batchSize: 2 });
  for (const [i, [, row]] of features.entries()) expect(row).toBeAllClose([(2 * (i + 1)) / 255, (2 * (i + 1)) / 255]);
  expect(features).toHaveLength(3);
  expect(tf.memory().numTensors).toBe(before);
});

it('keeps the features of a view beside those of the image, under the view’s own key', async () => {
  const folder = await newFolder();
  const { batches, compute } = counting();
  const brighter = (key: string, grey: number): IdentifiedImage => ({
    ...image(key, 1),
    view: { key, pixels: () => Promise.resolve(new Float32Array(12).fill(grey / 255)) },
  });
  const views = [image('plain', 1), brighter('first', 7), brighter('second', 8)];
  const expected = [
    ['plain', [1, 2]],
    ['first', [7, 14]],
    ['second', [8, 16]],
  ];
  expect((await run(views, { folder, compute })).map(([id, row]) => [id, row])).toEqual(expected);
  expect((await run(views, { folder, compute })).map(([id, row, cached]) => [id, row, cached])).toEqual(
    expected.map((item) => [...item, true]),
  );
  expect(batches).toEqual([3]);
});
