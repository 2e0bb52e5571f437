import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { decodeImage } from './decode-image.ts';
import { fitImage } from './preprocess-image.ts';
import { resample } from './resample.ts';

const { abs } = Math;
const shared = join(__dirname, '../../../../../shared');
const photographs = join(shared, 'data/webdataset/images');
const golden = join(shared, 'golden/pixels');

const grey = (values: number[], width: number) => ({
  pixels: Uint8Array.from(values.flatMap((v) => [v, v, v])),
  width,
  height: values.length / width,
});
const reds = (image: { pixels: Uint8Array }) => [...image.pixels].filter((_, i) => i % 3 === 0);

it('averages with the widened triangle where the image shrinks', () => {
  // 4 → 2: scale 2, centre of the first result 1, support 2 → source 0 … 2, distances .25 .25 .75 of the stretched filter,
  // weights .75 .75 .25 / 1.75 → (0·.75 + 70·.75 + 140·.25) / 1.75 = 50, and mirrored for the second
  expect(reds(resample(grey([0, 70, 140, 210], 4), { width: 2, height: 1, interpolation: 'bilinear' }))).toEqual([
    50, 160,
  ]);
});

it('interpolates linearly where the image grows', () => {
  // 2 → 4: centres .25 .75 1.25 1.75 → distances to .5 and 1.5: edge, .75/.25, .25/.75, edge
  expect(reds(resample(grey([0, 100], 2), { width: 4, height: 1, interpolation: 'bilinear' }))).toEqual([
    0, 25, 75, 100,
  ]);
});

it('clamps what the cubic overshoots', () => {
  const result = reds(resample(grey([0, 0, 255, 255], 4), { width: 8, height: 1, interpolation: 'bicubic' }));
  expect(Math.min(...result)).toBe(0);
  expect(Math.max(...result)).toBe(255);
});

it('computes a window as the whole would have it, and lets nothing outside the region bleed in', () => {
  const image = grey(
    Array.from({ length: 63 }, (_, i) => (i * 37) % 256),
    9,
  );
  const whole = resample(image, { width: 5, height: 4, interpolation: 'bicubic' });
  const window = { left: 2, top: 1, width: 3, height: 2 };
  const part = reds(resample(image, { width: 5, height: 4, interpolation: 'bicubic', window }));
  const all = reds(whole);
  expect(part).toEqual([all[7], all[8], all[9], all[12], all[13], all[14]]);
  const region = { left: 1, top: 0, width: 2, height: 1 };
  const cut = resample(grey([255, 10, 10, 255], 4), { width: 3, height: 2, interpolation: 'bilinear', region });
  expect(reds(cut)).toEqual([10, 10, 10, 10, 10, 10]);
});

it('exchanges left and right of the window', () => {
  const image = grey(
    Array.from({ length: 63 }, (_, i) => (i * 37) % 256),
    9,
  );
  const options = {
    width: 5,
    height: 4,
    interpolation: 'bicubic',
    window: { left: 1, top: 1, width: 3, height: 2 },
  } as const;
  const [a, b, c, d, e, f] = reds(resample(image, options));
  expect(reds(resample(image, { ...options, mirrored: true }))).toEqual([c, b, a, f, e, d]);
});

it('gives an image that is larger than its memory the rows of every strip', () => {
  const [width, height] = [400, 1500]; // 1.8 MB
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) pixels.fill(y % 251, y * width * 3, (y + 1) * width * 3);
  const result = reds(resample({ pixels, width, height }, { width: 1, height, interpolation: 'bilinear' }));
  expect(result).toEqual(Array.from({ length: height }, (_, y) => y % 251));
});

const present = existsSync(golden) && existsSync(photographs);
const photographTest = present ? it : it.skip;
photographTest.each(['bilinear', 'bicubic'] as const)(
  `equals torchvision's resize and centre crop, %s${present ? '' : ` (absent: ${golden})`}`,
  async (interpolation) => {
    for (const name of await readdir(photographs)) {
      const image = await decodeImage({ path: join(photographs, name) });
      const mine = fitImage(image, {
        size: 224,
        resize: 256,
        fit: 'crop',
        interpolation,
        mean: [0, 0, 0],
        std: [1, 1, 1],
      });
      const theirs = await decodeImage({ path: join(golden, name.replace('.jpg', `-${interpolation}.png`)) });
      let difference = 0;
      for (let i = 0; i < mine.pixels.length; i++) difference += abs((mine.pixels[i] ?? 0) - (theirs.pixels[i] ?? 0));
      expect(difference / theirs.pixels.length).toBeLessThan(0.01);
    }
  },
);
