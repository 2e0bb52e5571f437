import { join } from 'node:path';
import { collect } from '@azclip/base';

import { folderOf, jpegOf } from '../testing.ts';
import { readManifest, writeManifest } from './manifest.ts';
import { manifestConfig } from './reader-configs.ts';

it('is read as it was written, with images below its folder named relative to it', async () => {
  const root = await folderOf({ 'images/a.jpg': await jpegOf() });
  const path = join(root, 'manifest.jsonl');
  const image = join(root, 'images/a.jpg');
  await writeManifest(path, [
    { id: 'a', image, split: 'dev', captions: ['it', 'ev'] },
    { id: 'b', image: '/elsewhere/b.jpg', split: 'train', captions: ['quş'] },
  ]);
  const config = manifestConfig.parse({ reader: 'manifest', path });
  expect(await collect(readManifest(config, 'dev'))).toEqual([
    { imageId: 'a', image: { path: image }, captions: ['it', 'ev'] },
  ]);
  await expect(collect(readManifest(config, 'train'))).rejects.toThrow('manifest.jsonl: b: expected an image');
});

it('carries a weight a caption, and refuses another number of them', async () => {
  const root = await folderOf({ 'a.jpg': await jpegOf() });
  const path = join(root, 'manifest.jsonl');
  const config = manifestConfig.parse({ reader: 'manifest', path });
  const line = { id: 'a', image: 'a.jpg', split: 'train' as const, captions: ['it', 'ev'] };
  await writeManifest(path, [{ ...line, weights: [1, 0.25] }]);
  expect(await collect(readManifest(config, 'train'))).toMatchObject([{ captions: ['it', 'ev'], weights: [1, 0.25] }]);
  await writeManifest(path, [{ ...line, weights: [1] }]);
  await expect(collect(readManifest(config, 'train'))).rejects.toThrow(
    /manifest\.jsonl:1.*weights.*one weight a caption/u,
  );
  await writeManifest(path, [{ ...line, weights: [1, 0] }]);
  await expect(collect(readManifest(config, 'train'))).rejects.toThrow(/weights\.1/u);
});
