import { collect } from '@azclip/base';

import type { ImagePreprocessing } from '../config.ts';
import type { DataIssue } from '../issue.ts';
import { jpegOf } from '../testing.ts';
import { preprocessPairs } from './preprocess-pairs.ts';

const pairsOf = async () => {
  const good = await jpegOf();
  return [good, new Uint8Array(9), good, good, good, new Uint8Array(3)].map((bytes, i) => ({
    imageId: String(i),
    image: { bytes, name: `${String(i)}.jpg` },
    captions: ['x'],
  }));
};
const settings: ImagePreprocessing = {
  size: 2,
  resize: 2,
  fit: 'squash',
  interpolation: 'bilinear',
  mean: [0, 0, 0],
  std: [1, 1, 1],
};

it('keeps the order and reports corrupt images by name', async () => {
  const issues: DataIssue[] = [];
  const options = { onCorrupt: 'skip', onIssue: (issue: DataIssue) => issues.push(issue), concurrency: 2 } as const;
  const done = await collect(preprocessPairs(await pairsOf(), settings, options));
  expect(done.map(({ pair }) => pair.imageId)).toEqual(['0', '2', '3', '4']);
  expect(done[0]?.pixels.length).toBe(12);
  expect(issues.map(({ kind, place }) => `${kind} ${place}`)).toEqual(['corrupt-image 1.jpg', 'corrupt-image 5.jpg']);
});

it('stops at the first corrupt image where it is fatal', async () => {
  await expect(collect(preprocessPairs(await pairsOf(), settings, { onCorrupt: 'fail' }))).rejects.toThrow(
    '1.jpg: expected',
  );
});
