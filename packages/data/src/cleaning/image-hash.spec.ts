import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createRandom } from '@azclip/base';
import sharp from 'sharp';

import { decodeImage } from '../image/decode-image.ts';
import { wavesOf } from '../testing.ts';
import { formatHash, hashDistance, imageHash, parseHash, type ImageHash } from './image-hash.ts';
import { HashIndex } from './hash-index.ts';

it('stays nearly the same when the picture is scaled, compressed or lit a little otherwise', async () => {
  for (const seed of [1, 2, 3]) {
    const image = wavesOf(seed);
    const raw = { width: 48, height: 48, channels: 3 } as const;
    const jpeg = await sharp(image.pixels, { raw }).resize(90, 80, { fit: 'fill' }).jpeg({ quality: 60 }).toBuffer();
    const other = await decodeImage({ bytes: jpeg, name: 'x' });
    const lit = { ...other, pixels: other.pixels.map((value) => Math.min(255, value + 6)) };
    expect(hashDistance(imageHash(image), imageHash(lit))).toBeLessThanOrEqual(5);
  }
});

it('differs between different pictures, and between equal shapes of different colours', () => {
  const hashes = [1, 2, 3, 4, 5, 6].map((seed) => imageHash(wavesOf(seed)));
  const distances = hashes.flatMap((a, i) => hashes.slice(i + 1).map((b) => hashDistance(a, b)));
  expect(Math.min(...distances)).toBeGreaterThan(7);
  const plain = (value: number[]) => imageHash({ pixels: Uint8Array.from([...value, ...value]), width: 2, height: 1 });
  expect(hashDistance(plain([200, 0, 0]), plain([0, 0, 200]))).toBe(Infinity);
});

it('is written and read back', () => {
  const hash = imageHash(wavesOf(1));
  expect(formatHash(hash)).toMatch(/^[\da-f]{38}$/);
  expect(parseHash(formatHash(hash))).toEqual(hash);
  expect(parseHash('nonsense')).toBeUndefined();
});

describe('HashIndex', () => {
  it('finds all that a search one by one finds', () => {
    const random = createRandom(1);
    const word = () => Math.floor(random.uniform() * 2 ** 32);
    const base: ImageHash[] = Array.from({ length: 300 }, () => ({
      frequencies: [word(), word()],
      gradients: [1, 2],
      colour: 0,
    }));
    const index = new HashIndex();
    base.forEach((hash, i) => {
      index.add(String(i), hash);
    });
    base.forEach(({ frequencies: [low, high] }, i) => {
      let [a, b] = [low, high];
      const bits = new Set(Array.from({ length: i % 8 }, () => random.integer(64)));
      for (const bit of bits)
        if (bit < 32) a = (a ^ (1 << bit)) >>> 0;
        else b = (b ^ (1 << (bit - 32))) >>> 0;
      const found = index.nearest({ frequencies: [a, b], gradients: [1, 2], colour: 0 }, 7);
      expect(found).toEqual({ id: String(i), distance: bits.size });
    });
    expect(index.nearest({ frequencies: [word(), word()], gradients: [1, 2], colour: 0 }, 7)).toBeUndefined();
  });
});

const photographs = join(__dirname, '../../../../../shared/data/flickr8k/images');
const present = existsSync(photographs);
(present ? it : it.skip)(`tells photographs apart${present ? '' : ` (absent: ${photographs})`}`, async () => {
  const index = new HashIndex();
  for (const name of (await readdir(photographs)).slice(0, 150)) {
    const hash = imageHash(await decodeImage({ path: join(photographs, name) }));
    expect(index.nearest(hash, 7)).toBeUndefined();
    index.add(name, hash);
  }
});
