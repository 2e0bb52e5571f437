import { join } from 'node:path';

import type { ImageSource } from '../pair.ts';
import { folderOf, jpegOf } from '../testing.ts';
import { decodeImage } from './decode-image.ts';
import { readImageBytes, readImageBytesSync } from './image-bytes.ts';

it('reads a file, a part of a file and memory alike, at once or not', async () => {
  const folder = await folderOf({ 'a.bin': '0123456789', 'b.bin': '345' });
  const sources = [
    { path: join(folder, 'b.bin') },
    { archive: join(folder, 'a.bin'), start: 3, length: 3, name: 'b' },
    { bytes: Buffer.from('345'), name: 'b' },
  ];
  for (const source of sources) {
    expect(Buffer.from(await readImageBytes(source)).toString()).toBe('345');
    expect(Buffer.from(readImageBytesSync(source)).toString()).toBe('345');
  }
});

it('decodes an image out of an archive, and names the one that is no longer there', async () => {
  const jpeg = await jpegOf('#c04020', 8, 6);
  const folder = await folderOf({ 'a.bin': Buffer.concat([Buffer.from('before'), jpeg]) });
  const image: ImageSource = { archive: join(folder, 'a.bin'), start: 6, length: jpeg.length, name: 'a.bin: red' };
  expect(await decodeImage(image)).toMatchObject({ width: 8, height: 6 });
  const shorter = { ...image, length: jpeg.length + 10 };
  await expect(decodeImage(shorter)).rejects.toThrow(
    `a.bin: red: expected an image that decodes whole, got "${String(jpeg.length)} of ${String(jpeg.length + 10)} bytes`,
  );
  expect(() => readImageBytesSync(shorter)).toThrow('the archive has changed since it was listed');
});
