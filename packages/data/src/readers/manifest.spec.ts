import { join } from 'node:path';

import { collect, folderOf, jpegOf } from '../testing.ts';
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
