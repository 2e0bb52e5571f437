import { join } from 'node:path';
import sharp from 'sharp';
import { collect } from '@azclip/base';

import { folderOf, wavesOf } from '../testing.ts';
import { fingerprintImages, readFingerprints, writeFingerprints } from './image-fingerprints.ts';
import { formatHash, imageHash } from './image-hash.ts';

const waves = wavesOf(1);
const hash = imageHash(waves);
const captions = ['it'];

it('takes hashes from the manifest, computes those of files, and leaves drawn and broken images without', async () => {
  const { pixels, width, height } = waves;
  const bytes = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  const pairs = [
    { imageId: 'known', image: { path: '/not/looked/at.jpg' }, captions, hash: formatHash(hash) },
    { imageId: 'file', image: { bytes, name: 'file.png' }, captions },
    { imageId: 'drawn', image: waves, captions },
    { imageId: 'broken', image: { bytes: new Uint8Array(3), name: 'broken.png' }, captions },
  ];
  const expected = [{ id: 'known', hash }, { id: 'file', hash }, { id: 'drawn' }, { id: 'broken' }];
  expect(await collect(fingerprintImages(pairs))).toEqual(expected);
  const path = join(await folderOf({}), 'trained-images.jsonl');
  await writeFingerprints(path, fingerprintImages(pairs));
  expect(await collect(readFingerprints(path))).toEqual(expected);
});

it('names the line that is none', async () => {
  const root = await folderOf({ 'x.jsonl': '{"id":"a"}\n{"id":"b","hash":"zz"}\n' });
  await expect(collect(readFingerprints(join(root, 'x.jsonl')))).rejects.toThrow(/x\.jsonl:2.*hash.*38 hexadecimal/u);
});
