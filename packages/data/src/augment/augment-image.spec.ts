import { createRandom } from '@azclip/base';

import type { ImagePreprocessing } from '../config.ts';
import { wavesOf } from '../testing.ts';
import { augmentImage } from './augment-image.ts';
import { augmentationConfig } from './config.ts';

const preprocessing: ImagePreprocessing = {
  size: 24,
  resize: 24,
  fit: 'crop',
  interpolation: 'bilinear',
  mean: [0, 0, 0],
  std: [1, 1, 1],
};
const image = wavesOf(1);
const run = (steps: object[], seed = 1, captions = ['bir it'], source: typeof image = image) =>
  augmentImage(source, augmentationConfig.parse(steps), preprocessing, { captions, random: createRandom(seed) });

const everything = [
  { op: 'randomResizedCrop' },
  { op: 'flip' },
  { op: 'colourJitter' },
  { op: 'grayscale' },
  { op: 'blur' },
  { op: 'rotation' },
  { op: 'randAugment' },
  { op: 'erasing', probability: 1 },
];

it('gives the same pixels for a seed and others for another, in the size of the tower', () => {
  const first = run(everything);
  expect(first).toMatchObject({ width: 24, height: 24 });
  expect(run(everything)).toEqual(first);
  expect(run(everything, 2)).not.toEqual(first);
});

it.each(everything)('changes the picture, and only by chance: $op', (step) => {
  const plain = run([]);
  const differing = Array.from({ length: 8 }, (_, seed) => run([step], seed).pixels.join() !== plain.pixels.join());
  if (step.op !== 'grayscale') expect(differing).toContain(true); // the picture is grey already
  expect(
    run(step.op === 'randomResizedCrop' || step.op === 'randAugment' ? [] : [{ ...step, probability: 0 }]),
  ).toEqual(plain);
});

it('does not mirror what is said to be left or right', () => {
  const always = [{ op: 'flip', probability: 1 }];
  expect(run(always, 1, ['solda bir it'])).toEqual(run([]));
  expect(run(always)).not.toEqual(run([]));
});

it('leaves later steps the same when an earlier one draws more', () => {
  const erase = { op: 'erasing', probability: 1 };
  const [none, jitter] = [
    run([{ op: 'grayscale', probability: 0 }, erase]),
    run([{ op: 'grayscale', probability: 1 }, erase]),
  ];
  expect(none).toEqual(jitter);
});

it('blurs without changing the mean, and not at all what is even', () => {
  const sharp = run([]);
  const soft = run([{ op: 'blur', probability: 1, sigma: [1, 1] }]);
  const mean = (pixels: Uint8Array) => pixels.reduce((a, b) => a + b, 0) / pixels.length;
  expect(Math.abs(mean(soft.pixels) - mean(sharp.pixels))).toBeLessThan(1.5);
  const even = { ...image, pixels: new Uint8Array(image.pixels.length).fill(77) };
  expect(new Set(run([{ op: 'blur', probability: 1 }], 1, [''], even).pixels)).toEqual(new Set([77]));
});

it('erases a rectangle of the area that is asked for', () => {
  const step = { op: 'erasing', probability: 1, scale: [0.2, 0.2], ratio: [1, 1] };
  const even = { ...image, pixels: new Uint8Array(image.pixels.length).fill(0), width: 48, height: 48 };
  const changed = augmentImage(
    even,
    augmentationConfig.parse([step]),
    { ...preprocessing, size: 48, resize: 48 },
    {
      captions: [],
      random: createRandom(1),
    },
  ).pixels.filter((value) => value !== 0).length;
  expect(changed / even.pixels.length).toBeCloseTo(0.2, 1); // 255 of 256 noise values differ from 0
});

it('names an unknown step and a wrong range', () => {
  expect(augmentationConfig.safeParse([{ op: 'flop' }]).error?.issues[0]?.path).toEqual([0, 'op']);
  expect(augmentationConfig.safeParse([{ op: 'blur', sigma: [2, 1] }]).error?.issues[0]?.path).toEqual([0, 'sigma']);
});
