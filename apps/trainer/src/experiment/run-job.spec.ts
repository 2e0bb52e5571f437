import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { experimentConfig } from './config.ts';
import { jobFiles, readJobState } from './job-result.ts';
import { type Job, makeJobs } from './jobs.ts';
import { runJob } from './run-job.ts';

let output: string;
beforeEach(async () => {
  output = await mkdtemp(join(tmpdir(), 'run-job-'));
});
afterEach(() => rm(output, { recursive: true }));

const small = { train: 16, dev: 10, test: 10, imageSize: 32 };
const gridOf = (rest: object = {}) => {
  const base = {
    image: { tower: { name: 'resnet', size: 16, widths: [4], depths: [1] } },
    text: { tokenizer: { vocabularySize: 128 }, tower: { name: 'bag', dim: 4, contextLength: 8 } },
    projection: { head: 'linear', dim: 4 },
    train: { batchSize: 8, epochs: 1, warmupSteps: 0 },
    evaluation: { everyEpochs: 1 },
  };
  const sets = {
    flat: { data: { reader: 'scenes', ...small } },
    sketch: { split: 'test', data: { reader: 'scenes', domain: 'sketch', ...small } },
  };
  const rows = [{ set: 'flat' }];
  const config = experimentConfig.parse({ name: 'grid', output, base, sets, rows, resamples: 100, ...rest });
  return { config, job: makeJobs(config)[0] as Job };
};
const running = new AbortController().signal;
const ignore = (): void => undefined;

it('trains on one set, scores on all, and says what it took; a finished job is left as it is', async () => {
  const { config, job } = gridOf({ energy: { wattsPerCore: 10 } });
  expect(await runJob(config, job, running, ignore)).toBe('finished');
  const state = await readJobState(job);
  if (state.kind !== 'finished') throw new Error(`expected a finished job, got ${state.kind}`);
  const { sets, usage } = state.result;
  expect(Object.keys(sets)).toEqual(['flat', 'sketch']);
  expect(sets['sketch']?.textToImage.protocol).toMatchObject({ gallery: 10, queries: 50, cutoff: 10 });
  expect(usage.energyJoules).toBeCloseTo(10 * usage.cpuSeconds);
  const reports: string[] = [];
  expect(await runJob(config, job, running, ({ kind }) => void reports.push(kind))).toBe('finished');
  expect(reports).toEqual([]);
});

it('stops with a checkpoint and goes on from it, both sittings counted', async () => {
  const { config, job } = gridOf();
  const controller = new AbortController();
  const stopping = runJob(config, job, controller.signal, ({ kind }) => {
    if (kind === 'step') controller.abort();
  });
  expect(await stopping).toBe('stopped');
  expect((await readJobState(job)).kind).toBe('open');
  const { wallSeconds } = JSON.parse(await readFile(jobFiles(job).usage, 'utf8')) as { wallSeconds: number };
  const steps: number[] = [];
  const outcome = await runJob(config, job, running, (report) => {
    if (report.kind === 'step') steps.push(report.step);
  });
  expect([outcome, steps]).toEqual(['finished', [2]]);
  const state = await readJobState(job);
  expect(state.kind === 'finished' && state.result.usage.wallSeconds > wallSeconds).toBe(true);
});

it('starts over where the grid has changed', async () => {
  const { config, job } = gridOf();
  await runJob(config, job, running, ignore);
  const changed = gridOf({ axes: { rate: { low: { train: { learningRate: 0.5 } } } } });
  expect(changed.job.folder).toBe(job.folder);
  const steps: number[] = [];
  const outcome = await runJob(changed.config, changed.job, running, (report) => {
    if (report.kind === 'step') steps.push(report.step);
  });
  expect([outcome, steps]).toEqual(['finished', [1, 2]]);
});

it('writes down why it failed, and forgets it when it is tried again', async () => {
  const { config, job } = gridOf({ sets: { flat: { data: { reader: 'csv', path: join(output, 'missing.csv') } } } });
  await expect(runJob(config, job, running, ignore)).rejects.toThrow('missing.csv');
  expect(await readJobState(job)).toMatchObject({
    kind: 'failed',
    message: expect.stringContaining('missing.csv') as string,
  });
  const controller = new AbortController();
  const again = gridOf();
  await runJob(again.config, again.job, controller.signal, ({ kind }) => {
    if (kind === 'step') controller.abort();
  });
  expect(existsSync(jobFiles(again.job).failure)).toBe(false);
});
