import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { collect } from '@azclip/base';

import { parseFitConfig } from '../config.ts';
import type { PreparedRun } from '../prepare-run.ts';
import { noProgress } from '../run/checkpoint.ts';
import { runFolderOf } from '../run/run-folder.ts';
import type { Phase } from './phase.ts';
import { runPhase } from './run-phase.ts';

it('writes no checkpoint for short epochs that are not scored', async () => {
  const output = await mkdtemp(join(tmpdir(), 'azclip-'));
  const config = parseFitConfig({
    name: 'x',
    output,
    data: { reader: 'scenes' },
    image: { tower: { name: 'resnet' } },
    text: { tower: { name: 'bag' } },
    evaluation: { everyEpochs: 3 },
  });
  const run = { config, folder: runFolderOf(config) } as unknown as PreparedRun;
  let written = 0;
  const phase: Phase = {
    name: 'contrastive',
    epochs: 4,
    steps: 4,
    selects: false,
    batches: () => [[]],
    step: () => Promise.resolve({ loss: 1, chanceLoss: 1, gradientNorm: 1, learningRate: 1 }),
    score: () => Promise.resolve({ 'text-to-image/recall@1': 0.5 }),
    readState: () => {
      written += 1;
      return Promise.resolve({});
    },
    close: () => Promise.resolve(),
  };
  const reports = await collect(runPhase(run, phase, { progress: noProgress, stepsBefore: 0, totalSteps: 4 }));
  expect(reports).toHaveLength(8); // a step and an epoch each
  expect(written).toBe(2); // after epoch 3, which is scored, and after the last
  await rm(output, { recursive: true });
});
