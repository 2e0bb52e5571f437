import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { collect } from '@azclip/base';
import { readSafetensors } from '@azclip/weights';

import type { FitConfigInput } from '../config.ts';
import type { EpochReport, FitReport, StepReport } from '../report.ts';
import { stateDigest } from '../run/checkpoint.ts';
import type { HostTensors } from '../step/host-tensors.ts';
import { trainClip, type TrainClipOptions, type TrainClipResult } from '../train-clip.ts';

const root = mkdtemp(join(tmpdir(), 'azclip-distillation-'));
const scenes = (language: 'az' | 'en') =>
  ({ reader: 'scenes', train: 48, dev: 12, test: 8, imageSize: 32, language }) as const;
const teacherConfig = async (): Promise<FitConfigInput> => ({
  name: 'teacher',
  output: await root,
  language: 'en',
  data: scenes('en'),
  image: { tower: { name: 'resnet', size: 16, widths: [4], depths: [1] } },
  text: { tokenizer: { vocabularySize: 200 }, tower: { name: 'bag', dim: 16, contextLength: 24 } },
  projection: { head: 'linear', dim: 8 },
  train: { batchSize: 12, epochs: 2, warmupSteps: 2 },
  evaluation: { everyEpochs: 2 },
});
const studentConfig = async (name: string, rest: Partial<FitConfigInput> = {}): Promise<FitConfigInput> => ({
  ...(await teacherConfig()),
  name,
  language: 'az',
  data: scenes('az'),
  distillation: { ...(await teaching()), epochs: 6 },
  train: { batchSize: 12, epochs: 2, warmupSteps: 2, averageDecay: 0.9 },
  evaluation: { everyEpochs: 3 },
  ...rest,
});
const teaching = async () => ({
  teacher: join(await root, 'teacher', 'model'),
  captions: scenes('en'),
  batchSize: 32,
  warmupSteps: 2,
  learningRate: 0.02,
});

/** Trains, and keeps the reports. */
async function watched(config: FitConfigInput, options: TrainClipOptions = {}) {
  const reports: FitReport[] = [];
  const run = await trainClip(config, {
    ...options,
    onReport: async (report) => {
      reports.push(report);
      await options.onReport?.(report);
    },
  });
  const steps = reports.filter((report): report is StepReport => report.kind === 'step');
  return { run, steps, epochs: reports.filter((report): report is EpochReport => report.kind === 'epoch') };
}

async function stateIn({ checkpointDir }: TrainClipResult): Promise<HostTensors> {
  const tensors = await collect(readSafetensors(join(checkpointDir, 'last.safetensors')));
  return Object.fromEntries(tensors.map(({ name, ...tensor }) => [name, tensor]));
}

beforeAll(async () => {
  await trainClip(await teacherConfig());
});

afterAll(async () => {
  await rm(await root, { recursive: true, force: true });
});

/** Of the contrastive phase, where a test is about the other. */
const oneStep = { batchSize: 12, epochs: 1, maxSteps: 1, warmupSteps: 0 };

it.each(['mse', 'cosine', 'both'] as const)('draws the texts to those of the teacher: %s', async (loss) => {
  const distillation = { ...(await teaching()), epochs: 6, loss };
  const { steps, epochs } = await watched(await studentConfig(`by-${loss}`, { distillation, train: oneStep }));
  const distilled = steps.filter(({ phase }) => phase === 'distillation');
  const [first, last] = [distilled[0], distilled.at(-1)];
  expect(last?.loss).toBeLessThan(0.5 * (first?.loss ?? 0));
  const nearness = epochs.flatMap(({ scores }) => scores?.['teacher/cosine'] ?? []);
  expect(nearness).toHaveLength(2); // after epochs 3 and 6 of the distillation
  expect(nearness[1]).toBeGreaterThan(0.8);
  expect(nearness[1]).toBeLessThanOrEqual(1);
});

it('ends with the same bits wherever it was stopped, steps being counted over both phases, epochs in each', async () => {
  const whole = await watched(await studentConfig('whole'));
  const distilling = 6 * Math.floor((48 * 5) / 32); // six epochs of five captions a scene, 32 a step
  expect(whole.steps.map(({ step }) => step)).toEqual(Array.from({ length: distilling + 2 * 4 }, (_, i) => i + 1));
  expect(new Set(whole.steps.map(({ totalSteps }) => totalSteps))).toEqual(new Set([whole.steps.length]));
  expect(whole.epochs.map(({ phase, epoch }) => `${phase} ${String(epoch)}`)).toEqual([
    ...Array.from({ length: 6 }, (_, i) => `distillation ${String(i + 1)}`),
    ...['contrastive 1', 'contrastive 2'],
  ]);
  const digest = stateDigest(await stateIn(whole.run));
  const config = await studentConfig('parted');
  for (const stop of [5, 42, 45]) {
    const abort = new AbortController();
    const onReport = (report: FitReport): void => {
      if (report.kind === 'step' && report.step === stop) abort.abort();
    };
    const parted = await trainClip(config, { existing: 'resume', onReport, signal: abort.signal });
    expect(parted.outcome).toBe('stopped');
  }
  const resumed = await trainClip(config, { existing: 'resume' });
  expect(stateDigest(await stateIn(resumed))).toBe(digest);
  expect(resumed.scores).toEqual(whole.run.scores);
});

it('begins with the image side of the teacher, or with its own', async () => {
  const frozen = { train: { ...oneStep, learningRate: 1e-30 } };
  const teacher = await collect(readSafetensors(join(await root, 'teacher', 'model', 'model.safetensors')));
  const headOfTeacher = teacher.find(({ name }) => name === 'imageHead.projection.linear.weight')?.data ?? [];
  const headOf = async (images: 'teacher' | 'own'): Promise<ArrayLike<number>> => {
    const distillation = { ...(await teaching()), epochs: 1, images };
    const { run } = await watched(await studentConfig(`images-${images}`, { ...frozen, distillation, seed: 2 }));
    return (await stateIn(run))['params.imageHead.projection.linear.weight']?.data ?? [];
  };
  expect(headOfTeacher).not.toHaveLength(0);
  expect(await headOf('teacher')).toBeAllClose(Array.from(headOfTeacher), 1e-6);
  expect(await headOf('own')).not.toBeAllClose(Array.from(headOfTeacher), 1e-2);
});

it('asks the teacher once for each text, however many runs learn from it', async () => {
  const folders = (await readdir(join(await root, 'features'))).filter((name) => name.startsWith('text-'));
  expect(folders).toHaveLength(1);
  expect(await readdir(join(await root, 'features', folders[0] ?? ''))).toHaveLength(1); // what the first run wrote
});

it.each([
  [{ projection: { head: 'linear' as const, dim: 4 } }, "projection.dim: expected the teacher's 8, got 4"],
  [{ data: { ...scenes('az'), train: 49 }, train: oneStep }, undefined],
  [
    { image: { tower: { name: 'resnet' as const, size: 16, widths: [6], depths: [1] } } },
    "give the run the teacher's image tower",
  ],
  [
    { image: { tower: { name: 'mobilenet_v3_small' as const, size: 32 } } },
    "image.tower: expected the teacher's, resnet",
  ],
  [{ distillation: { teacher: '/nowhere', captions: scenes('en') } }, '/nowhere'],
  [{ batchSize: 241 }, 'distillation.batchSize: expected at most the 240 parallel captions, got 241'],
])(
  'tells a mistake in one sentence, and passes over images that the teacher does not know: %j',
  async (rest, message) => {
    const distillation = { ...(await teaching()), epochs: 1, ...('batchSize' in rest ? rest : {}) };
    const config = await studentConfig('mistaken', { distillation, ...('batchSize' in rest ? {} : rest) });
    const work = trainClip(config, { existing: 'overwrite' });
    if (message === undefined) await expect(work).resolves.toMatchObject({ outcome: 'finished' });
    else await expect(work).rejects.toThrow(message);
  },
);
