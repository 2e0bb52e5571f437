import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';

import { folderOf, jpegOf } from '../testing.ts';
import { decodeImage } from './decode-image.ts';
import { CorruptImageError } from './decode-with-libvips.ts';

const pixelsOf = async (bytes: Uint8Array): Promise<number[]> => [...(await decodeImage({ bytes, name: 'x' })).pixels];

it('decodes files and bytes alike', async () => {
  const bytes = await jpegOf('#c04020', 3, 2);
  const path = join(await folderOf({ 'a.jpg': bytes }), 'a.jpg');
  const image = await decodeImage({ path });
  expect(image).toMatchObject({ width: 3, height: 2 });
  expect(image.pixels).toEqual((await decodeImage({ bytes, name: 'a' })).pixels);
  expect([...image.pixels]).toBeAllClose(Array.from({ length: 6 }, () => [0xc0, 0x40, 0x20]).flat(), 2);
});

it('gives three channels of greyscale, CMYK, 16 bits and palettes', async () => {
  const red = { create: { width: 1, height: 1, channels: 3, background: '#ff0000' } } as const;
  const grey = { create: { width: 1, height: 1, channels: 3, background: '#808080' } } as const;
  expect(await pixelsOf(await sharp(grey).toColourspace('b-w').png().toBuffer())).toEqual([128, 128, 128]);
  expect(await pixelsOf(await sharp(red).toColourspace('rgb16').png().toBuffer())).toEqual([255, 0, 0]);
  expect(await pixelsOf(await sharp(red).png({ palette: true }).toBuffer())).toEqual([255, 0, 0]);
  const [r, g, b] = await pixelsOf(await sharp(red).toColourspace('cmyk').jpeg().toBuffer());
  expect(r).toBeGreaterThan(180);
  expect(Math.max(g ?? 0, b ?? 0)).toBeLessThan(80);
});

it('lays transparency over white', async () => {
  const half = { create: { width: 1, height: 1, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0.5 } } } as const;
  expect(await pixelsOf(await sharp(half).png().toBuffer())).toBeAllClose([127, 127, 127], 1);
});

it('turns the picture upright as its EXIF data says', async () => {
  const sideways = await sharp(await jpegOf('#000000', 4, 2))
    .withMetadata({ orientation: 6 })
    .toBuffer();
  expect(await decodeImage({ bytes: sideways, name: 'x' })).toMatchObject({ width: 2, height: 4 });
});

it('names the path of a corrupt, cut, empty or missing image', async () => {
  const jpeg = await sharp({
    create: {
      width: 64,
      height: 64,
      channels: 3,
      background: '#123',
      noise: { type: 'gaussian', mean: 99, sigma: 40 },
    },
  })
    .jpeg()
    .toBuffer();
  const folder = await folderOf({ 'text.jpg': 'text', 'empty.jpg': '' });
  await writeFile(join(folder, 'cut.jpg'), jpeg.subarray(0, jpeg.length / 2));
  for (const name of ['text.jpg', 'empty.jpg', 'cut.jpg', 'none.jpg']) {
    const decoding = decodeImage({ path: join(folder, name) });
    await expect(decoding).rejects.toThrow(CorruptImageError);
    await expect(decoding).rejects.toThrow(`${join(folder, name)}: expected an image that decodes whole, got "`);
  }
});

it('refuses pixels of another number than the size says', async () => {
  const source = { pixels: new Uint8Array(11), width: 2, height: 2, name: 'scene-1' };
  await expect(decodeImage(source)).rejects.toThrow(
    'scene-1: expected width × height × 3 bytes, got 2 × 2 with 11 bytes',
  );
});

it('refuses a picture that would fill the memory', async () => {
  const bomb = Buffer.from(
    await sharp(await jpegOf())
      .png()
      .toBuffer(),
  );
  bomb.writeUInt32BE(60_000, 16); // IHDR: length 8 … 11, type 12 … 15, width, height, …, check sum of 17 bytes from the type on
  bomb.writeUInt32BE(60_000, 20);
  bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
  await expect(decodeImage({ bytes: bomb, name: 'bomb.png' })).rejects.toThrow(/bomb.png: .*pixel limit/);
});
