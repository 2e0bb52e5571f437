import { type ExperimentReport, finished, runName, scoreOf, trainedOn } from './experiment-report.ts';
import type { Table } from './table.ts';

/** Mean and spread over the seeds of each run, in its own domain: differences smaller than the spread say nothing. Empty
 * where there is one seed. */
export function seedTable(report: ExperimentReport): Table {
  const names = ['R@1', 'R@10', 'MRR', 'paper MAP', 'table MAF1'];
  const groups = new Map<string, ReturnType<typeof finished>>();
  for (const run of finished(report)) {
    const name = runName({ ...report, config: { ...report.config, seeds: [0] } }, run.job);
    const key = `${name}\n${trainedOn(run.job)}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  const rows = [...groups].filter(([, runs]) => runs.length > 1);
  return {
    title: 'Over seeds, in domain',
    head: ['Model', 'Trained on', 'Seeds', ...names],
    rows: rows.map(([key, runs]) => [
      ...key.split('\n'),
      String(runs.length),
      ...names.map((name) =>
        spread(runs.map(({ job, result }) => scoreOf(result, trainedOn(job), name)?.value ?? NaN)),
      ),
    ]),
    notes: ['%, mean ± standard deviation over the seeds.'],
  };
}

function spread(values: readonly number[]): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return `${(100 * mean).toFixed(1)} ± ${(100 * Math.sqrt(squares / (values.length - 1))).toFixed(1)}`;
}
