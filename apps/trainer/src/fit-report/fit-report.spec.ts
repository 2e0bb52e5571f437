import { parseFitConfig } from '@azclip/train';

import type { MetricsRow } from '../report/curves.ts';
import { createRunReport, type RunReportParts } from './fit-report.ts';
import { reportMarkdown, usageRows } from './report-lines.ts';

const config = parseFitConfig({
  name: 'small',
  data: { reader: 'scenes' },
  image: { tower: { name: 'resnet' } },
  text: { tower: { name: 'bag' } },
  distillation: { teacher: 'there', captions: { reader: 'scenes', language: 'en' }, batchSize: 100 },
  train: { batchSize: 64, accumulate: 2 },
  cost: { pricePerKilowattHour: 0.25, pricePerHour: 3.6, currency: 'AZN' },
});
const step = (phase: 'distillation' | 'contrastive', number: number, stepMs: number): MetricsRow => ({
  ...{ kind: 'step', phase, step: number, loss: 2, chanceLoss: 4.159, stepMs },
});
const epoch = (number: number, best: boolean): MetricsRow => ({
  ...{ kind: 'epoch', phase: 'contrastive', epoch: number, step: 3 + number, loss: 3 / number, best },
});
const parts: RunReportParts = {
  config,
  rows: [
    ...[step('distillation', 1, 10), step('distillation', 2, 10)],
    ...[
      step('contrastive', 3, 200),
      step('contrastive', 4, 100),
      epoch(1, true),
      step('contrastive', 5, 100),
      epoch(2, false),
    ],
  ],
  usage: {
    wallSeconds: 100,
    cpuSeconds: 150,
    peakMemoryMiB: 512.3,
    energyJoules: 7200,
    energySource: 'estimate: 15 W',
  },
  alarms: [{ alarm: 'stuck', step: 4, message: 'try this' }],
  results: { scores: {}, protocols: {} },
};

it('takes the speed from the steps: rows over their time, and the median', () => {
  expect(createRunReport(parts).speed).toEqual([
    { phase: 'distillation', steps: 2, rowsPerStep: 100, medianStepMs: 10, rowsPerSecond: 10_000 }, // 200 in 0.02 s
    { phase: 'contrastive', steps: 3, rowsPerStep: 128, medianStepMs: 100, rowsPerSecond: 960 }, // 384 in 0.4 s
  ]);
});

it('says which epoch was exported, and that none was better than the distillation', () => {
  expect(createRunReport(parts)).toMatchObject({ epochs: 2, bestEpoch: 1, loss: { last: 1.5, chance: 4.159 } });
  const none = createRunReport({ ...parts, rows: [step('contrastive', 1, 1), epoch(1, false)] });
  expect(none.bestEpoch).toBe(0);
  expect(reportMarkdown(none, [])).toContain('as it was after the distillation');
});

it('charges energy and time by the prices of the config', () => {
  // 7200 J = 2 Wh at 0.25 a kWh; 100 s at 3.6 an hour
  expect(createRunReport(parts).cost).toEqual({ energyWattHours: 2, price: 0.0005 + 0.1, currency: 'AZN' });
  const free = { ...config, cost: { wattsPerCore: 15, currency: 'EUR' } };
  const { energyJoules: unknown, ...usage } = parts.usage;
  expect(unknown).toBe(7200);
  expect(createRunReport({ ...parts, usage, config: free }).cost).toEqual({ currency: 'EUR' });
});

it('writes what a run took for people', () => {
  const report = createRunReport(parts);
  expect(usageRows(report)).toEqual([
    ['speed, distillation', '10000 captions/s over 2 steps, median step 10.0 ms of 100 captions'],
    ['speed, contrastive', '960 pairs/s over 3 steps, median step 100.0 ms of 128 pairs'],
    ['time', '1 min 40 s, 2 min 30 s of busy cores'],
    ['peak memory', '512 MiB'],
    ['energy', '2.00 Wh (estimate: 15 W)'],
    ['cost', '0.10 AZN'],
  ]);
  const markdown = reportMarkdown(report, ['dev text→image  R@1 …']);
  expect(markdown).toContain('| epochs | 2; exported is the model of epoch 1, the best on dev |');
  expect(markdown).toContain('- step 4: try this');
  expect(reportMarkdown({ ...report, alarms: [] }, [])).not.toContain('Alarms');
});
