import { type Interval, protocolLine } from '@azclip/metrics';

import type { Job } from '../experiment/jobs.ts';
import { differenceTable } from './difference-table.ts';
import { type ExperimentReport, finished, runName, scoreOf, trainedOn } from './experiment-report.ts';
import { share } from './score-text.ts';
import { seedTable } from './seed-table.ts';
import type { Table, TableCell } from './table.ts';

/** All tables of a grid: the paper's Table 3 first, then plain retrieval scores, what each run took, and seeds. */
export function experimentTables(report: ExperimentReport): Table[] {
  return [
    paperTable(report),
    recallTable(report),
    differenceTable(report),
    usageTable(report),
    seedTable(report),
  ].filter(({ rows }) => rows.length > 0);
}

const PAPER = { MAP: 'paper MAP', MAR: 'paper MAR', MAF1: 'table MAF1' };

/** The paper's Table 3: each model on every set, in bold where it was trained. */
function paperTable(report: ExperimentReport): Table {
  const sets = Object.keys(report.config.sets);
  const columns = sets.flatMap((set) => Object.entries(PAPER).map(([short, name]) => ({ set, short, name })));
  return {
    title: 'Table 3: each model on every set',
    head: ['Model', 'Trained on', ...columns.map(({ set, short }) => `${set} ${short}`), 'Top-1 in domain'],
    rows: finished(report).map(({ job, result }) => [
      runName(report, job),
      trainedOn(job),
      ...columns.map(({ set, name }) => scoreCell(job, set, scoreOf(result, set, name))),
      share(scoreOf(result, trainedOn(job), 'paper Top-1')),
    ]),
    notes: [
      'Text → image, %, with 95 % bootstrap intervals over images. In bold: the set that the model was trained on.',
      'MAP and MAR by the paper’s equations (5) and (6), MAF1 as the harmonic mean of the two, as its table: docs/metrics.md.',
      ...protocols(report),
    ],
  };
}

function recallTable(report: ExperimentReport): Table {
  const columns = Object.keys(report.config.sets).flatMap((set) =>
    ['R@1', 'R@5', 'R@10'].map((name) => ({ set, name })),
  );
  return {
    title: 'Retrieval, text → image',
    head: ['Model', 'Trained on', ...columns.map(({ set, name }) => `${set} ${name}`)],
    rows: finished(report).map(({ job, result }) => [
      runName(report, job),
      trainedOn(job),
      ...columns.map(({ set, name }) => scoreCell(job, set, scoreOf(result, set, name))),
    ]),
  };
}

function usageTable(report: ExperimentReport): Table {
  const sources = new Set(finished(report).map(({ result }) => result.usage.energySource));
  return {
    title: 'What each run took',
    head: ['Model', 'Trained on', 'State', 'Time, min', 'Busy cores, min', 'Peak memory, MiB', 'Energy, kJ'],
    rows: report.runs.map(({ job, state }) => {
      const usage = state.kind === 'finished' ? state.result.usage : undefined;
      const energy = usage?.energyJoules;
      const text = state.kind === 'failed' ? `failed: ${state.message}` : state.kind;
      const minutes = (seconds: number | undefined): string =>
        seconds === undefined ? '–' : (seconds / 60).toFixed(1);
      return [
        runName(report, job),
        trainedOn(job),
        text,
        minutes(usage?.wallSeconds),
        minutes(usage?.cpuSeconds),
        usage ? String(Math.round(usage.peakMemoryMiB)) : '–',
        energy === undefined ? '–' : (energy / 1000).toFixed(2),
      ];
    }),
    notes: ['Of training, without the scoring behind it.', ...[...sources].map((source) => `Energy: ${source}.`)],
  };
}

function scoreCell(job: Job, set: string, interval: Interval | undefined): TableCell {
  return trainedOn(job) === set ? { strong: share(interval) } : share(interval);
}

/** One line a set: what its scores were measured on. */
function protocols(report: ExperimentReport): string[] {
  const lines = finished(report).flatMap(({ result }) =>
    Object.entries(result.sets).map(([set, { textToImage }]) => `${set}: ${protocolLine(textToImage.protocol)}`),
  );
  return [...new Set(lines)];
}
