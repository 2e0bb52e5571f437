// Draws docs/images/augmentation.png: one scene, and what each step of the augmentation makes of it, row by row: the scene,
// randomResizedCrop, flip; colourJitter, grayscale, blur; rotation, erasing, randAugment.
//   node tools/figures/augmentation.mjs
// Needs a build.
import { createRequire } from 'node:module';

import { createRandom } from '@azclip/base';
import { augmentationConfig, augmentImage, dataConfig, readPairs } from '@azclip/data';

const sharp = createRequire(new URL('../../packages/data/package.json', import.meta.url))('sharp');

const SIZE = 160;
const GAP = 6;
const COLUMNS = 3;
const STEPS = [
  [],
  [{ op: 'randomResizedCrop', scale: [0.3, 0.5] }],
  [{ op: 'flip', probability: 1 }],
  [{ op: 'colourJitter' }],
  [{ op: 'grayscale', probability: 1 }],
  [{ op: 'blur', probability: 1, sigma: [2, 2] }],
  [{ op: 'rotation' }],
  [{ op: 'erasing', probability: 1, scale: [0.1, 0.2] }],
  [{ op: 'randAugment' }],
];

const scenes = dataConfig.parse({
  reader: 'scenes',
  seed: 3,
  train: 8,
  dev: 8,
  test: 8,
  imageSize: SIZE,
  domain: 'photographic',
});
const { value: scene } = await readPairs(scenes, 'train').next();
const preprocessing = {
  size: SIZE,
  resize: SIZE,
  fit: 'crop',
  interpolation: 'bicubic',
  mean: [0, 0, 0],
  std: [1, 1, 1],
};

const tiles = STEPS.map((steps, i) => {
  const draw = { captions: ['iki quş'], random: createRandom(11).fork(i) }; // of no side, so that it may be mirrored
  const { pixels, width, height } = augmentImage(scene.image, augmentationConfig.parse(steps), preprocessing, draw);
  return {
    input: Buffer.from(pixels),
    raw: { width, height, channels: 3 },
    left: (i % COLUMNS) * (SIZE + GAP),
    top: Math.floor(i / COLUMNS) * (SIZE + GAP),
  };
});
const side = COLUMNS * (SIZE + GAP) - GAP;
await sharp({ create: { width: side, height: side, channels: 3, background: '#fff' } })
  .composite(tiles)
  .png({ palette: true, colours: 128 })
  .toFile('docs/images/augmentation.png');
console.log(`docs/images/augmentation.png: ${scene.captions[0]}`);
