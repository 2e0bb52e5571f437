import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { StepReport } from './report.ts';
import { trainClip } from './train-clip.ts';

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

it('trains a MobileNetV3 and a BERT from scratch together: the loss falls within 20 steps', async () => {
  const output = await mkdtemp(join(tmpdir(), 'azclip-'));
  const steps: StepReport[] = [];
  const run = await trainClip(
    {
      name: 'named',
      output,
      data: { reader: 'scenes', train: 64, dev: 8, test: 8, imageSize: 32 },
      image: { tower: { name: 'mobilenet_v3_small', size: 32 } },
      text: {
        tokenizer: { vocabularySize: 120 },
        tower: {
          name: 'bert',
          layers: 1,
          hidden: 32,
          heads: 2,
          ffn: 64,
          contextLength: 24,
          pooling: 'mean',
          dropout: 0,
        },
      },
      projection: { head: 'linear-norm', dim: 16 },
      train: { batchSize: 16, epochs: 5, maxSteps: 20, warmupSteps: 2, learningRate: 2e-3 },
      evaluation: { everyEpochs: 5 },
    },
    {
      onReport: (report) => {
        if (report.kind === 'step') steps.push(report);
      },
    },
  );
  await rm(output, { recursive: true });
  expect(run.outcome).toBe('finished');
  const losses = steps.map(({ loss }) => loss);
  expect(losses).toHaveLength(20);
  expect(mean(losses.slice(-5))).toBeLessThan(mean(losses.slice(0, 5)) - 0.2);
});
