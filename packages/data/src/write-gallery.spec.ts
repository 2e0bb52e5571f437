import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { decodeImage } from './image/decode-image.ts';
import { folderOf, jpegOf } from './testing.ts';
import { writeGallery } from './write-gallery.ts';

it('writes pixels as PNG, files as they are, and a line of captions for each', async () => {
  const jpeg = await jpegOf();
  const path = join(await folderOf({ 'photo.jpg': jpeg }), 'photo.jpg');
  const pixels = Uint8Array.from({ length: 12 }, (_, i) => i * 20);
  const folder = join(await folderOf({}), 'gallery');
  const count = await writeGallery(
    [
      { imageId: 'test-1', image: { pixels, width: 2, height: 2, name: 'test-1' }, captions: ['qırmızı alma', 'alma'] },
      { imageId: '../sub/photo.jpg', image: { path }, captions: ['it'] },
    ],
    folder,
  );
  expect(count).toBe(2);
  expect((await readdir(folder)).sort()).toEqual(['.._sub_photo-fd10209a.jpg', 'captions.jsonl', 'test-1.png']);
  expect([...(await decodeImage({ path: join(folder, 'test-1.png') })).pixels]).toEqual([...pixels]);
  expect(await readFile(join(folder, 'captions.jsonl'), 'utf8')).toBe(
    '{"image":"test-1.png","captions":["qırmızı alma","alma"]}\n{"image":".._sub_photo-fd10209a.jpg","captions":["it"]}\n',
  );
});
