import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { FitConfigInput } from '../config.ts';
import { DivergedError } from '../diverged-error.ts';
import type { FitReport, StepReport } from '../report.ts';
import { trainClip } from '../train-clip.ts';
import { createTrainingAlarms } from './training-alarms.ts';

const fine = {
  kind: 'step',
  phase: 'contrastive',
  totalSteps: 999,
  epoch: 1,
  gradientNorm: 1,
  learningRate: 0.1,
} as const;
const stepOf = (step: number, rest: Partial<StepReport> = {}): StepReport => ({
  ...fine,
  step,
  loss: 1,
  chanceLoss: 2,
  uniformity: -3,
  stepMs: 1,
  ...rest,
});

/** The alarms over steps 1 … 300. */
function alarmsOver(report: (step: number) => Partial<StepReport>, warmupSteps = 10) {
  const alarms = createTrainingAlarms({ warmupSteps });
  return Array.from({ length: 300 }, (_, i) => alarms(stepOf(i + 1, report(i + 1)))).flatMap((alarm) => alarm ?? []);
}

it('is silent while a run learns, and about the distillation', () => {
  expect(alarmsOver(() => ({}))).toEqual([]);
  expect(alarmsOver(() => ({ phase: 'distillation', loss: 2 }))).toEqual([]);
});

it('says once that the loss stays at chance, a hundred steps after the warm-up', () => {
  expect(alarmsOver(() => ({ loss: 1.99 }))).toMatchObject([{ alarm: 'stuck', step: 110 }]);
  expect(alarmsOver((step) => ({ loss: step % 50 === 0 ? 1.5 : 1.99 }))).toEqual([]);
});

it('says that features have collapsed, and not also that the loss is stuck, which follows from it', () => {
  const alarms = alarmsOver(() => ({ loss: 2, uniformity: -0.01 }));
  expect(alarms).toMatchObject([{ alarm: 'collapse', step: 110 }]);
});

const root = mkdtemp(join(tmpdir(), 'azclip-alarms-'));
afterAll(async () => {
  await rm(await root, { recursive: true, force: true });
});

/** The alarms of a run over 120 steps. */
async function alarmsOf(name: string, train: FitConfigInput['train']): Promise<string[]> {
  const alarms: string[] = [];
  const config: FitConfigInput = {
    name,
    output: await root,
    data: { reader: 'scenes', train: 24, dev: 4, test: 4, imageSize: 32 },
    image: { tower: { name: 'resnet', size: 16, widths: [4], depths: [1] } },
    text: { tokenizer: { vocabularySize: 100 }, tower: { name: 'bag', dim: 8, contextLength: 24 } },
    projection: { head: 'linear', dim: 8 },
    train: { batchSize: 12, epochs: 60, warmupSteps: 0, ...train },
    evaluation: { everyEpochs: 60 },
  };
  const onReport = (report: FitReport): void => {
    if (report.kind === 'alarm') alarms.push(`${report.alarm}: ${report.message}`);
  };
  await trainClip(config, { onReport });
  return alarms;
}

describe('a run', () => {
  it('that learns nothing is told so', async () => {
    expect(await alarmsOf('stuck', { learningRate: 1e-12 })).toEqual([
      expect.stringMatching(
        /^stuck: the loss of \d\.\d+ is no better than chance \(2\.485\).*raise train\.learningRate/u,
      ),
    ]);
  });

  it('whose features have become one is told so', async () => {
    expect(await alarmsOf('collapsed', { learningRate: 0.01, weightDecay: 90 })).toEqual([
      expect.stringMatching(/^collapse: all features are alike.*lower train\.learningRate or train\.weightDecay/u),
    ]);
  });

  it('that has diverged stops with the step and what to try, without a checkpoint', async () => {
    const diverging = alarmsOf('diverged', { learningRate: 1e30 });
    await expect(diverging).rejects.toThrow(DivergedError);
    await expect(diverging).rejects.toThrow(
      /^step \d+: the (loss|norm of the gradients) is .*lower train.learningRate/u,
    );
    expect(existsSync(join(await root, 'diverged', 'checkpoints'))).toBe(false);
  });
});
