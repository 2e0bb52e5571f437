import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { collect, createRandom } from '@azclip/base';

import { augmentationConfig } from '../augment/config.ts';
import { uniqueBatches } from '../batches/unique-batches.ts';
import type { ImagePreprocessing } from '../config.ts';
import { preprocessImage } from '../image/preprocess-image.ts';
import type { DataIssue } from '../issue.ts';
import type { Pair } from '../pair.ts';
import { wavesOf } from '../testing.ts';
import { pixelBatches } from './pixel-batches.ts';
import { PixelPool } from './pixel-pool.ts';

const preprocessing: ImagePreprocessing = {
  size: 16,
  resize: 16,
  fit: 'crop',
  interpolation: 'bilinear',
  mean: [0.5, 0.4, 0.3],
  std: [0.2, 0.3, 0.4],
};
const pairs: Pair[] = Array.from({ length: 10 }, (_, i) => ({
  imageId: String(i),
  image: wavesOf(i),
  captions: ['bir it', 'iki it'],
}));

// the worker is compiled code: a thread cannot read TypeScript
const compiled = existsSync(join(__dirname, '../../dist/loader/pixel-worker.js'));
const threadTest = compiled ? it : it.skip;
const note = compiled ? '' : ' (absent: packages/data/dist; run the build)';

async function run(all: Pair[], workers: number, more: object = {}, steps: object[] = []) {
  const pool = new PixelPool({ preprocessing, augmentation: augmentationConfig.parse(steps) }, workers);
  try {
    const batches = uniqueBatches(all, { batchSize: 4, random: createRandom(1), epoch: 0, remainder: 'keep' });
    const options = { pool, size: 16, seed: 3, epoch: 0, onCorrupt: 'fail', ...more } as const;
    const copied: { ids: string[]; pixels: number[] }[] = [];
    for await (const { batch, pixels } of pixelBatches(batches, options)) {
      copied.push({ ids: batch.pairs.map(({ imageId }) => imageId), pixels: [...pixels] });
    }
    return copied;
  } finally {
    await pool.close();
  }
}

threadTest(`gives every batch, in order, with the pixels of the preprocessing${note}`, async () => {
  const loaded = await run(pairs, 2);
  expect(loaded.map(({ ids }) => ids.length)).toEqual([4, 4, 2]);
  for (const { ids, pixels } of loaded) {
    for (const [row, id] of ids.entries()) {
      const expected = await preprocessImage(wavesOf(Number(id)), preprocessing);
      expect(pixels.slice(row * 768, (row + 1) * 768)).toBeAllClose(expected, 1e-6);
    }
  }
});

threadTest(`augments alike however many threads there are, and otherwise in another epoch${note}`, async () => {
  const steps = [{ op: 'randomResizedCrop' }, { op: 'flip' }, { op: 'colourJitter' }];
  const [one, two, later] = [
    await run(pairs, 1, {}, steps),
    await run(pairs, 2, {}, steps),
    await run(pairs, 1, { epoch: 1 }, steps),
  ];
  expect(two).toEqual(one);
  expect(later).not.toEqual(one);
});

threadTest(`leaves out corrupt images and says so, or stops${note}`, async () => {
  const broken = pairs.map((pair, i) =>
    i === 3 ? { ...pair, image: { bytes: new Uint8Array(4), name: '3.jpg' } } : pair,
  );
  const issues: DataIssue[] = [];
  const loaded = await run(broken, 2, { onCorrupt: 'skip', onIssue: (issue: DataIssue) => issues.push(issue) });
  expect(loaded.flatMap(({ ids }) => ids)).toHaveLength(9);
  expect(loaded.map(({ ids, pixels }) => pixels.length / ids.length)).toEqual([768, 768, 768]);
  expect(issues.map(({ kind, place }) => `${kind} ${place}`)).toEqual(['corrupt-image 3.jpg']);
  await expect(run(broken, 2)).rejects.toThrow('3.jpg: expected an image that decodes whole');
});

threadTest(`uses its memory in turn${note}`, async () => {
  const pool = new PixelPool({ preprocessing, augmentation: [] }, 1);
  const batches = Array.from({ length: 30 }, (_, index) => ({ index, pairs: pairs.slice(0, 2), captions: ['a', 'b'] }));
  const options = { pool, size: 16, seed: 1, epoch: 0, onCorrupt: 'fail', ahead: 2 } as const;
  const loaded = await collect(pixelBatches(batches, options));
  await pool.close();
  expect(new Set(loaded.map(({ pixels }) => pixels.buffer)).size).toBe(5); // ahead + 3
});
