import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '@azclip/base';
import sharp from 'sharp';

import { augmentImage } from '../augment/augment-image.ts';
import { augmentationConfig } from '../augment/config.ts';
import type { ImagePreprocessing } from '../config.ts';
import { normaliseImage, preprocessImage } from '../image/preprocess-image.ts';
import { wavesOf } from '../testing.ts';
import { loadPixels } from './load-pixels.ts';

const preprocessing: ImagePreprocessing = {
  size: 21,
  resize: 24,
  fit: 'crop',
  interpolation: 'bicubic',
  mean: [0.5, 0.4, 0.3],
  std: [0.2, 0.3, 0.4],
};
const LENGTH = 21 * 21 * 3;

async function load(
  image: Parameters<typeof loadPixels>[0]['image'],
  steps: object[],
  seed = 5,
): Promise<Float32Array> {
  const batch = new Float32Array(3 * LENGTH).fill(77);
  const settings = { preprocessing, augmentation: augmentationConfig.parse(steps) };
  await loadPixels({ image, caption: 'bir it', seed }, settings, batch, 1);
  expect([batch[LENGTH - 1], batch[2 * LENGTH]]).toEqual([77, 77]); // no row but its own
  return batch.slice(LENGTH, 2 * LENGTH);
}

it.each([
  [[]],
  [[{ op: 'randomResizedCrop' }]],
  [
    [
      { op: 'randomResizedCrop', scale: [0.3, 0.6] },
      { op: 'flip', probability: 1 },
    ],
  ],
  [[{ op: 'randomResizedCrop' }, { op: 'flip' }, { op: 'colourJitter' }]],
  [[{ op: 'flip', probability: 1 }, { op: 'randomResizedCrop' }]],
  [[{ op: 'rotation' }]],
])('makes in one pass what the steps make in turn: %j', async (steps) => {
  const waves = wavesOf(3);
  const { pixels, width, height } = waves;
  const png = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  const augmentation = augmentationConfig.parse(steps);
  for (const seed of [1, 2, 3]) {
    const draw = { captions: ['bir it'], random: createRandom(seed) };
    const expected = normaliseImage(augmentImage(waves, augmentation, preprocessing, draw), preprocessing);
    expect(await load(waves, steps, seed)).toBeAllClose(expected, 1e-6);
    expect(await load({ bytes: png, name: 'waves.png' }, steps, seed)).toBeAllClose(expected, 1e-6);
  }
});

const photographs = join(__dirname, '../../../../../shared/data/webdataset/images');
const photographTest = existsSync(photographs) ? it : it.skip;
photographTest(
  `crops photographs alike from a file and decoded${existsSync(photographs) ? '' : ` (absent: ${photographs})`}`,
  async () => {
    const steps = [{ op: 'randomResizedCrop' }, { op: 'flip', probability: 1 }];
    for (const name of readdirSync(photographs)) {
      const path = join(photographs, name);
      const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
      const decoded = { pixels: data, width: info.width, height: info.height, name };
      expect(await load({ path }, steps)).toEqual(await load(decoded, steps));
      expect(await load({ path }, [])).toEqual(await preprocessImage(decoded, preprocessing));
    }
  },
);

it('names a file that is missing', async () => {
  await expect(load({ path: '/nowhere/a.jpg' }, [])).rejects.toThrow(
    '/nowhere/a.jpg: expected an image that decodes whole',
  );
});
