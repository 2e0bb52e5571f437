import { mkdtemp, readFile, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { collect, InputError } from '@azclip/base';
import { readSafetensors, readSafetensorsHeader } from '@azclip/weights';

import type { FitConfigInput } from './config.ts';
import type { FitReport } from './report.ts';
import { stateDigest } from './run/checkpoint.ts';
import { trainClip, type TrainClipOptions } from './train-clip.ts';

const configIn = (output: string, rest: Partial<FitConfigInput> = {}): FitConfigInput => ({
  name: 'tiny',
  output,
  data: { reader: 'scenes', train: 48, dev: 12, test: 8, imageSize: 32 },
  image: { tower: { name: 'resnet', size: 16, widths: [4], depths: [1] }, dropout: 0.2 },
  text: {
    tokenizer: { vocabularySize: 200 },
    tower: { name: 'bag', dim: 8, contextLength: 24, tokenDropout: 0.1 },
    dropout: 0.2,
  },
  projection: { head: 'linear', dim: 8 },
  train: { batchSize: 12, epochs: 3, warmupSteps: 2 },
  evaluation: { everyEpochs: 1, test: true },
  ...rest,
});
const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'azclip-'));
const digestOf = async (checkpointDir: string): Promise<string> => {
  const tensors = await collect(readSafetensors(join(checkpointDir, 'last.safetensors')));
  return stateDigest(Object.fromEntries(tensors.map(({ name, ...tensor }) => [name, tensor])));
};

/** Trains until `steps` steps are done, then stops. */
async function trainUntil(config: FitConfigInput, steps: number, options: TrainClipOptions = {}) {
  const abort = new AbortController();
  const onReport = (report: FitReport): void => {
    if (report.kind === 'step' && report.step === steps) abort.abort();
  };
  return trainClip(config, { ...options, onReport, signal: abort.signal });
}

it('leaves a model, checkpoints, the record and the gallery', async () => {
  const output = await newFolder();
  const reports: FitReport[] = [];
  const run = await trainClip(configIn(output), { onReport: (report) => void reports.push(report) });
  expect(run.outcome).toBe('finished');
  expect((await readdir(join(output, 'tiny'))).sort()).toEqual([
    'checkpoints',
    'config.json',
    'gallery',
    'metrics.jsonl',
    'model',
    'tensorboard',
  ]);
  expect((await readdir(run.modelDir)).sort()).toEqual([
    'README.md',
    'config.json',
    'image.onnx',
    'model.safetensors',
    'text.onnx',
    'tokenizer.json',
    'trained-images.jsonl',
  ]);
  expect(run.scores['test/text-to-image/gallery']).toBe(8);
  expect(reports.filter(({ kind }) => kind === 'step')).toHaveLength(12);
  expect(reports.filter(({ kind }) => kind === 'epoch')).toHaveLength(3);
  const lines = (await readFile(join(output, 'tiny', 'metrics.jsonl'), 'utf8')).trim().split('\n');
  expect(lines).toHaveLength(15);
});

it('gives the same numbers for the same seed and others for another', async () => {
  const digest = async (seed: number): Promise<string> => {
    const run = await trainClip(configIn(await newFolder(), { seed }));
    return digestOf(run.checkpointDir);
  };
  const first = await digest(1);
  expect(await digest(1)).toBe(first);
  expect(await digest(2)).not.toBe(first);
});

it('ends with the same bits when it was stopped in the middle of an epoch and resumed', async () => {
  const [whole, parted] = [await newFolder(), await newFolder()];
  const uninterrupted = await trainClip(configIn(whole));
  const stopped = await trainUntil(configIn(parted), 6);
  expect(stopped.outcome).toBe('stopped');
  const resumed = await trainClip(configIn(parted), { existing: 'resume' });
  expect(await digestOf(resumed.checkpointDir)).toBe(await digestOf(uninterrupted.checkpointDir));
  expect(resumed.scores).toEqual(uninterrupted.scores);
});

it('augments the training images, the same way in the middle of an epoch after a stop', async () => {
  const image = {
    tower: { name: 'resnet' as const, size: 16, widths: [4], depths: [1] },
    augmentation: [{ op: 'randomResizedCrop' as const }, { op: 'flip' as const }],
  };
  const [plain, whole, parted] = [await newFolder(), await newFolder(), await newFolder()];
  const digest = async (run: Promise<{ checkpointDir: string }>): Promise<string> =>
    digestOf((await run).checkpointDir);
  const uninterrupted = await digest(trainClip(configIn(whole, { image })));
  await trainUntil(configIn(parted, { image }), 6);
  expect(await digest(trainClip(configIn(parted, { image }), { existing: 'resume' }))).toBe(uninterrupted);
  expect(await digest(trainClip(configIn(plain, { image: { ...image, augmentation: [] } })))).not.toBe(uninterrupted);
});

it('takes several batches a step where told, and goes on in the middle of an epoch', async () => {
  const [whole, parted] = [await newFolder(), await newFolder()];
  const train = { batchSize: 8, accumulate: 2, microBatch: 4, epochs: 2, warmupSteps: 2 };
  const reports: FitReport[] = [];
  const uninterrupted = await trainClip(configIn(whole, { train }), {
    onReport: (report) => void reports.push(report),
  });
  expect(reports.filter(({ kind }) => kind === 'step')).toHaveLength(2 * 3); // 48 images, 8 a batch, 2 batches a step
  await trainUntil(configIn(parted, { train }), 4);
  const resumed = await trainClip(configIn(parted, { train }), { existing: 'resume' });
  expect(await digestOf(resumed.checkpointDir)).toBe(await digestOf(uninterrupted.checkpointDir));
});

it('ends after maxSteps, in the middle of an epoch, with a model', async () => {
  const run = await trainClip(
    configIn(await newFolder(), { train: { batchSize: 12, epochs: 3, maxSteps: 6, warmupSteps: 2 } }),
  );
  expect(run.outcome).toBe('finished');
  const { metadata } = await readSafetensorsHeader(join(run.checkpointDir, 'last.safetensors'));
  expect(JSON.parse(metadata['progress'] ?? '')).toMatchObject({ step: 6 });
});

it('refuses to write over a run that has begun, unless told', async () => {
  const output = await newFolder();
  await trainUntil(configIn(output), 2);
  await expect(trainClip(configIn(output))).rejects.toThrow('a run of this name has begun');
  await expect(trainUntil(configIn(output), 2, { existing: 'overwrite' })).resolves.toMatchObject({
    outcome: 'stopped',
  });
});

it('names the key of a checkpoint that another configuration wrote', async () => {
  const output = await newFolder();
  await trainUntil(configIn(output), 2);
  const other = configIn(output, { train: { batchSize: 8, epochs: 3 } });
  await expect(trainClip(other, { existing: 'resume' })).rejects.toThrow('train.batchSize was 12');
});

it.each([
  [{ train: { batchSize: 100 } }, 'train.batchSize: expected at most the 48 training images, got 100'],
  [{ train: { batchSize: 12, microBatch: 5 } }, 'train.microBatch: expected a divisor of train.batchSize = 12, got 5'],
  [{ train: { batchSize: 12, accumulate: 5 } }, 'train.accumulate: expected at most the 4 batches of an epoch, got 5'],
  [
    { image: { tower: { name: 'resnet' as const, size: 16, widths: [4], depths: [1] }, standardize: true } },
    'image.standardize',
  ],
  [{ data: { reader: 'flickr8k' as const, root: '/nowhere' } }, '/nowhere'],
])('tells a mistake in one sentence and writes nothing: %j', async (rest, message) => {
  const output = await newFolder();
  const failure = trainClip(configIn(output, rest));
  await expect(failure).rejects.toThrow(InputError);
  await expect(failure).rejects.toThrow(message);
  expect(await readdir(output)).toEqual([]);
});
