import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { collect, InputError, parseShard } from '@azclip/base';
import { readSafetensors } from '@azclip/weights';

import type { FitConfigInput } from './config.ts';
import { embedFeatures, requireFeatures, type EmbeddedFeatures } from './embed-features.ts';
import { writeFrozenTower } from './frozen-tower.spec.helper.ts';
import { stateDigest } from './run/checkpoint.ts';
import { trainClip } from './train-clip.ts';

const root = mkdtempSync(join(tmpdir(), 'azclip-embed-'));
const folder = join(root, 'tower');
beforeAll(() => writeFrozenTower(folder));
afterAll(() => {
  rmSync(root, { recursive: true });
});

const config = (name: string, image: object = {}): FitConfigInput => ({
  name,
  output: root,
  featureCache: join(root, name, 'cache'),
  data: { reader: 'scenes', train: 24, dev: 6, test: 4, imageSize: 32 },
  image: { tower: { name: 'tfjs', folder, size: 16 }, augmentation: [{ op: 'randomResizedCrop' }], views: 2, ...image },
  text: { tokenizer: { vocabularySize: 200 }, tower: { name: 'bag', dim: 8, contextLength: 24 } },
  projection: { head: 'linear', dim: 8 },
  train: { batchSize: 12, epochs: 2, warmupSteps: 0 },
  evaluation: { everyEpochs: 2 },
});

/** Runs the work to its end. @returns what it told of its progress, and its result. */
async function run(work: AsyncGenerator<unknown, EmbeddedFeatures>) {
  let steps = 0;
  for (;;) {
    const { done, value } = await work.next();
    if (done) return { ...value, steps };
    if ((value as { readonly kind: string }).kind === 'preparation') steps += 1;
  }
}

/** The names of the cache's files, each of which says what features are in it. */
const filesOf = (name: string): string[] =>
  readdirSync(join(root, name, 'cache'), { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.safetensors'))
    .sort();

async function train(name: string): Promise<string> {
  const { checkpointDir } = await trainClip(config(name));
  const tensors = await collect(readSafetensors(join(checkpointDir, 'last.safetensors')));
  return stateDigest(Object.fromEntries(tensors.map(({ name: key, ...rest }) => [key, rest])));
}

it('fills, in jobs, the cache out of which a run takes all: it learns what it would have learned alone', async () => {
  const jobs = [];
  for (const shard of ['2/3', '1/3']) jobs.push(await run(embedFeatures(config('jobs'), { shard: parseShard(shard) })));
  await expect(run(requireFeatures(config('jobs')))).rejects.toThrow(
    /jobs\/cache: expected features of all 78 images, got none of \d+, such as ".*"; run the jobs again/u,
  );
  jobs.push(await run(embedFeatures(config('jobs'), { shard: parseShard('3/3') })));
  expect(jobs.reduce((sum, { images }) => sum + images, 0)).toBe(78); // 24 · (1 + 2 views) + 6
  expect(await run(requireFeatures(config('jobs')))).toMatchObject({ images: 78, steps: 0 });
  const files = filesOf('jobs');
  expect(await train('jobs')).toBe(await train('alone'));
  expect(filesOf('jobs')).toEqual(files); // nothing was computed by the run
  expect(filesOf('alone')).not.toEqual(files);
});

it('does not ask for features of images that have none, where these are passed over', async () => {
  const images = join(root, 'images');
  mkdirSync(images);
  writeFileSync(join(images, 'broken.jpg'), 'no image');
  writeFileSync(join(images, 'set.csv'), 'image,caption\nbroken.jpg,bir it\n');
  const data = { reader: 'csv', path: join(images, 'set.csv'), splits: { dev: 0, test: 0 } } as const;
  const skipping = {
    ...config('broken', { augmentation: [], views: 0 }),
    data: { ...data, onCorrupt: 'skip' },
  } as const;
  expect(await run(embedFeatures(skipping))).toMatchObject({ images: 0 });
  expect(await run(requireFeatures(skipping))).toMatchObject({ images: 1 });
});

it('refuses a tower that learns', async () => {
  const learning = config('learning', { tower: { name: 'resnet', size: 16 }, views: 0 });
  for (const work of [embedFeatures(learning), requireFeatures(learning)]) {
    const failed = run(work);
    await expect(failed).rejects.toThrow(/image\.tower: expected a frozen tower, .*, got resnet.*, which learns/u);
    await expect(failed).rejects.toBeInstanceOf(InputError);
  }
});
