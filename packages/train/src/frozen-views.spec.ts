import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { collect } from '@azclip/base';
import { readSafetensors } from '@azclip/weights';

import type { FitConfigInput } from './config.ts';
import { writeFrozenTower } from './frozen-tower.spec.helper.ts';
import type { FitReport } from './report.ts';
import { stateDigest } from './run/checkpoint.ts';
import { trainClip } from './train-clip.ts';

const root = mkdtempSync(join(tmpdir(), 'azclip-views-'));
const folder = join(root, 'tower');
afterAll(() => {
  rmSync(root, { recursive: true });
});

beforeAll(() => writeFrozenTower(folder));

const config = (name: string, image: object): FitConfigInput => ({
  name,
  output: root,
  data: { reader: 'scenes', train: 24, dev: 6, test: 4, imageSize: 32 },
  image: { tower: { name: 'tfjs', folder, size: 16 }, ...image },
  text: { tokenizer: { vocabularySize: 200 }, tower: { name: 'bag', dim: 8, contextLength: 24 } },
  projection: { head: 'linear', dim: 8 },
  train: { batchSize: 12, epochs: 4, warmupSteps: 0 },
  evaluation: { everyEpochs: 4 },
});
const crops = { augmentation: [{ op: 'randomResizedCrop' }], views: 2 } as const;

async function train(of: FitConfigInput, stopAt = Infinity, existing: 'refuse' | 'resume' = 'refuse') {
  const abort = new AbortController();
  const prepared: string[] = [];
  const onReport = (report: FitReport): void => {
    if (report.kind === 'preparation' && report.done === report.total) prepared.push(report.what);
    if (report.kind === 'step' && report.step === stopAt) abort.abort();
  };
  const { outcome, checkpointDir } = await trainClip(of, { onReport, existing, signal: abort.signal });
  const tensors = await collect(readSafetensors(join(checkpointDir, 'last.safetensors')));
  return {
    outcome,
    prepared,
    digest: stateDigest(Object.fromEntries(tensors.map(({ name, ...rest }) => [name, rest]))),
  };
}

it('learns from views of the images that were embedded beforehand, and resumes to the same numbers', async () => {
  const whole = await train(config('whole', crops));
  expect(whole).toMatchObject({ outcome: 'finished', prepared: ['image features', 'features of augmented views'] });
  expect((await train(config('plain', {}))).digest).not.toBe(whole.digest);
  expect((await train(config('halves', crops), 5)).outcome).toBe('stopped');
  expect(await train(config('halves', crops), Infinity, 'resume')).toMatchObject({ digest: whole.digest });
});

it.each([
  ['steps without views', { augmentation: [{ op: 'flip' }] }, /at least 1 view for the augmentation of a frozen tower/],
  ['views without steps', { views: 2 }, /expected steps in image.augmentation/],
  [
    'views of a tower that learns',
    { ...crops, tower: { name: 'resnet', size: 16 } },
    /expected 0 for a tower that learns/,
  ],
])('refuses %s', async (_what, image, message) => {
  await expect(train(config('refused', image))).rejects.toThrow(message);
});
