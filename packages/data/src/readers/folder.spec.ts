import { join } from 'node:path';
import { collect } from '@azclip/base';

import type { Pair } from '../pair.ts';
import { folderOf, jpegOf } from '../testing.ts';
import { readFolder } from './folder.ts';
import { folderConfig } from './reader-configs.ts';

const brief = (pairs: readonly Pair[]) => pairs.map(({ imageId, captions }) => [imageId, ...captions]);

const whole = { dev: 0, test: 0 };
it('takes captions from the text file beside an image, at any depth', async () => {
  const jpeg = await jpegOf();
  const files = { 'b.jpg': jpeg, 'b.txt': 'it\r\n\r\nqara it\n', 'a/c.PNG': jpeg, 'a/c.txt': 'ev', 'note.txt': 'x' };
  const config = folderConfig.parse({ reader: 'folder', path: await folderOf(files), splits: whole });
  expect(brief(await collect(readFolder(config, 'train')))).toEqual([
    [join('a', 'c.PNG'), 'ev'],
    ['b.jpg', 'it', 'qara it'],
  ]);
});

it('names an image without captions, and a folder that is not there', async () => {
  const path = await folderOf({ 'a.jpg': await jpegOf() });
  const config = folderConfig.parse({ reader: 'folder', path, splits: whole });
  await expect(collect(readFolder(config, 'train'))).rejects.toThrow('a.jpg: expected captions in a text file');
  await expect(collect(readFolder({ ...config, path: '/nowhere' }, 'train'))).rejects.toThrow(
    '/nowhere: expected a folder',
  );
});
