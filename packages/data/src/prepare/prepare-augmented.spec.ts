import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { collect } from '@azclip/base';
import sharp from 'sharp';

import { augmentationConfig } from '../augment/config.ts';
import { readManifestRecords } from '../readers/manifest.ts';
import { folderOf, wavesOf } from '../testing.ts';
import { prepareAugmented } from './prepare-augmented.ts';

async function setOf(): Promise<string> {
  const { pixels, width, height } = wavesOf(2);
  const png = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  const lines = ['train', 'dev'].map((split) =>
    JSON.stringify({ id: `${split}.png`, image: 'a.png', split, captions: ['bir it', 'it'], weights: [1, 0.5] }),
  );
  return join(await folderOf({ 'a.png': png, 'manifest.jsonl': lines.join('\n') }), 'manifest.jsonl');
}

async function augment(seed: number, originals = false) {
  const out = await folderOf({});
  const preprocessing = { size: 16, resize: 16, fit: 'crop', interpolation: 'bilinear' } as const;
  const steps = augmentationConfig.parse([{ op: 'randomResizedCrop' }, { op: 'colourJitter' }]);
  const neutral = { mean: [0, 0, 0] as [number, number, number], std: [1, 1, 1] as [number, number, number] };
  const options = { out, steps, preprocessing: { ...preprocessing, ...neutral }, copies: 2, seed, originals };
  const copies = await prepareAugmented(await setOf(), options);
  const records = await collect(readManifestRecords(join(out, 'manifest.jsonl')));
  const bytes = await Promise.all(
    records.filter(({ id }) => id.includes('#')).map(({ image }) => readFile(join(out, image))),
  );
  return { copies, records, digest: createHash('sha256').update(Buffer.concat(bytes)).digest('hex') };
}

it('writes copies of the train part as images, and the other parts as they were', async () => {
  const { copies, records } = await augment(1);
  expect(copies).toBe(2);
  expect(records.map(({ id, split }) => `${split} ${id}`)).toEqual([
    'dev dev.png',
    'train train.png#1',
    'train train.png#2',
  ]);
  expect(records[1]).toMatchObject({
    captions: ['bir it', 'it'],
    weights: [1, 0.5],
    image: 'images/train.png_1-209bb67b.png',
  });
  expect((await augment(1, true)).records.map(({ id }) => id)).toContain('train.png');
});

it('writes the same bytes for the same seed, and others for another', async () => {
  const { digest } = await augment(1);
  expect((await augment(1)).digest).toBe(digest);
  expect((await augment(2)).digest).not.toBe(digest);
});
