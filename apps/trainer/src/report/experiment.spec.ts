import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { runFolderOf } from '@azclip/train';

import { experimentConfig } from '../experiment/config.ts';
import { jobFiles, type JobResult, type JobState, writeJobResult } from '../experiment/job-result.ts';
import { type Job, makeJobs } from '../experiment/jobs.ts';
import { experimentCharts } from './experiment-charts.ts';
import { type ExperimentReport, readExperiment } from './experiment-report.ts';
import { experimentTables } from './experiment-tables.ts';
import { writeExperiment } from './write-experiment.ts';

const NAMES = ['R@1', 'R@5', 'R@10', 'MRR', 'paper MAP', 'paper MAR', 'table MAF1', 'paper Top-1'];
const perQuery = { ranks: [1, 2, 4, 5], imageOfText: [0, 0, 1, 2] };
const card = (value: number): JobResult['sets'][string]['textToImage'] => ({
  protocol: {
    direction: 'text→image',
    gallery: 100,
    queries: 500,
    withoutPositives: 0,
    positivesPerQuery: { min: 1, mean: 1, max: 1 },
    cutoff: 15,
    ties: '',
    split: 'abc',
  },
  scores: Object.fromEntries(NAMES.map((name) => [name, { value, low: value - 0.1, high: value + 0.1 }])),
});

let output: string;
let report: ExperimentReport;
beforeAll(async () => {
  output = await mkdtemp(join(tmpdir(), 'experiment-'));
  const base = { image: { tower: { name: 'resnet' } }, text: { tower: { name: 'bag' } } };
  const sets = { flat: { data: { reader: 'scenes' } }, sketch: { data: { reader: 'scenes', domain: 'sketch' } } };
  const axes = { loss: { clip: {}, margin: { loss: { name: 'lowclip-margin' } } } };
  const rows = [
    { loss: 'clip', set: 'flat' },
    { loss: 'margin', set: 'sketch' },
  ];
  const config = experimentConfig.parse({ name: 'grid', output, base, sets, axes, rows, seeds: [1, 2] });
  const jobs = makeJobs(config);
  const usage = {
    wallSeconds: 90,
    cpuSeconds: 120,
    peakMemoryMiB: 512.4,
    energyJoules: 2400,
    energySource: 'estimate',
  };
  for (const [i, job] of jobs.slice(0, 2).entries()) {
    const sets = {
      flat: { textToImage: card(0.5 + i / 5), imageToText: card(0.1), ...perQuery },
      sketch: { textToImage: card(0.3), imageToText: card(0.1), ...perQuery },
    };
    await writeJobResult(job, { digest: job.digest, sets, usage });
  }
  const [first, , third] = jobs as [Job, Job, Job];
  await mkdir(third.folder, { recursive: true });
  await writeFile(jobFiles(third).failure, 'the data was not there\n');
  const { metrics } = runFolderOf(first.fit);
  await mkdir(dirname(metrics), { recursive: true });
  const epoch = { kind: 'epoch', epoch: 1, step: 9, loss: 2, scores: { 'text-to-image/recall@10': 0.4 } };
  await writeFile(metrics, `${JSON.stringify(epoch)}\n`);
  report = await readExperiment(config, jobs);
});

const rowsOf = (title: string): readonly (readonly unknown[])[] =>
  experimentTables(report).find((table) => table.title.startsWith(title))?.rows ?? [];

it('puts each finished model beside every set, its own in bold', () => {
  const [row] = rowsOf('Table 3');
  const own = { strong: '50.0 (40.0–60.0)' };
  const other = '30.0 (20.0–40.0)';
  expect(row).toEqual(['clip · seed 1', 'flat', own, own, own, other, other, other, '50.0 (40.0–60.0)']);
  expect(rowsOf('Table 3')).toHaveLength(2);
});

it('shows what each run took, and why one failed', () => {
  expect(rowsOf('What each run took')).toEqual([
    ['clip · seed 1', 'flat', 'finished', '1.5', '2.0', '512', '2.40'],
    ['clip · seed 2', 'flat', 'finished', '1.5', '2.0', '512', '2.40'],
    ['margin · seed 1', 'sketch', 'failed: the data was not there', '–', '–', '–', '–'],
    ['margin · seed 2', 'sketch', 'open', '–', '–', '–', '–'],
  ]);
});

it('holds each run against the first on the same set with the same seed', () => {
  expect(rowsOf('Against')).toEqual([]);
  const [first, second] = report.runs.slice(0, 2).map((run) => run.state) as Extract<JobState, { kind: 'finished' }>[];
  const [job] = report.runs.map((run) => run.job);
  if (!job || !first || !second) throw new Error('expected two finished runs');
  const flat = { ...(second.result.sets['flat'] as JobResult['sets'][string]), ranks: [1, 1, 1, 1] };
  const better = { kind: 'finished' as const, result: { ...second.result, sets: { ...second.result.sets, flat } } };
  const runs = [report.runs[0], { job: { ...job, choices: { loss: 'margin', set: 'flat' } }, state: better }];
  const table = experimentTables({ ...report, runs: runs as ExperimentReport['runs'] })[2];
  // MRR 1 against (1 + 1/2 + 1/4 + 1/5) / 4 = 0.4875; of the signs of three images all alike are as extreme: 2 of 8
  expect(table?.rows[0]?.slice(0, 4)).toEqual(['margin · seed 1', 'flat', 'clip · seed 1', '51.25']);
  expect(Number(table?.rows[0]?.[4])).toBeCloseTo(1 / 4, 1);
});

it('gives mean and deviation over seeds', () => {
  const deviation = (100 * (0.1 * Math.SQRT2)).toFixed(1); // 0.5 and 0.7: mean 0.6, √(2 · 0.1²)
  const spread = `60.0 ± ${deviation}`;
  expect(rowsOf('Over seeds')).toEqual([['clip', 'flat', '2', spread, spread, spread, spread, spread]]);
});

it('draws the curves of runs that have begun', async () => {
  const [loss, recall] = await experimentCharts(report);
  expect(loss?.series).toEqual([{ name: 'clip · seed 1 · flat', points: [{ x: 1, y: 2 }] }]);
  expect(recall?.series[0]?.points).toEqual([{ x: 1, y: 0.4 }]);
});

it('writes the reports', async () => {
  await writeExperiment(report, output);
  const markdown = await readFile(join(output, 'report.md'), 'utf8');
  expect(markdown).toContain('**50.0 (40.0–60.0)**');
  expect(markdown).toContain('flat: text→image, gallery 100, queries 500, positives per query 1, K 15, split abc');
  expect(await readFile(join(output, 'curves.svg'), 'utf8')).toContain('<svg');
});
