import { collect } from '@azclip/base';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ImageTower } from '../image-tower.ts';
import { cachedFeatures, type IdentifiedImage } from './cached-features.ts';
import { missingFeatures } from './missing-features.ts';

const tower = {
  name: 'constant',
  fingerprint: 'weights',
  preprocessing: { size: 1, resize: 1, fit: 'squash', interpolation: 'bilinear', mean: [0, 0, 0], std: [1, 1, 1] },
  featureDim: 1,
} as unknown as ImageTower;

const image = (id: string, grey: number): IdentifiedImage => ({
  id,
  source: { pixels: new Uint8Array(3).fill(grey), width: 1, height: 1, name: id },
});

it('names the images that have no features yet, but not those that can have none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'azclip-'));
  const broken = { id: 'broken', source: { bytes: Buffer.from('no image'), name: 'broken.jpg' } };
  const images = [image('a', 1), image('b', 2), broken, image('c', 3)];
  const idsOf = async (): Promise<string[]> =>
    (await collect(missingFeatures(tower, images, folder))).map(({ id }) => id);
  expect(await idsOf()).toEqual(['a', 'b', 'c']);
  const compute = (_: Float32Array, batch: number): Promise<Float32Array> => Promise.resolve(new Float32Array(batch));
  await collect(cachedFeatures(tower, images.slice(0, 2), { folder, compute }));
  expect(await idsOf()).toEqual(['c']);
  await rm(folder, { recursive: true });
});
