import { readJsonLines } from '@azclip/base';
import { z } from 'zod';

import type { Chart, Point, Series } from './chart.ts';
import { writeCharts } from './render-chart.ts';

/** A loss; what was not finite is `null` in JSON. */
const loss = z
  .number()
  .nullable()
  .transform((value) => value ?? NaN);

/** What the curves take of a line of `metrics.jsonl`; other keys are left alone. */
const metricsRow = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('step'), step: z.number(), loss, chanceLoss: z.number() }),
  z.object({
    kind: z.literal('epoch'),
    epoch: z.number(),
    step: z.number(),
    loss,
    scores: z.record(z.string(), z.number()).optional(),
  }),
]);

/** A line of `metrics.jsonl`: a step or the end of an epoch. */
export type MetricsRow = z.infer<typeof metricsRow>;

/** Draws the loss, beside the level of chance, and R@k on dev over the steps of a run.
 * @param metrics - `metrics.jsonl` of the run.  @param path - ending in `.svg`, or a PNG is written.
 * @throws {InputError} naming file and line of a row that is none. */
export async function renderCurves(metrics: string, path: string): Promise<void> {
  const rows = await readMetrics(metrics);
  await writeCharts([lossChart(rows), recallChart(rows)], path);
}

/** Reads `metrics.jsonl`.
 * @throws {InputError} naming file and line of a row that is none. */
export async function readMetrics(path: string): Promise<MetricsRow[]> {
  const rows: MetricsRow[] = [];
  for await (const row of readJsonLines(path, metricsRow)) rows.push(row);
  return rows;
}

/** The loss of a run over its steps. */
export function lossChart(rows: readonly MetricsRow[], title = 'Loss'): Chart {
  const steps = rows.filter((row) => row.kind === 'step');
  const epochs = rows.filter((row) => row.kind === 'epoch');
  const series: Series[] = [
    { name: 'step', points: steps.map(({ step, loss }) => ({ x: step, y: loss })) },
    { name: 'mean of the epoch', points: epochs.map((row, i) => ({ x: middleOf(epochs, i), y: row.loss })) },
    {
      name: 'ln(batch): chance',
      points: steps.map(({ step, chanceLoss }) => ({ x: step, y: chanceLoss })),
      dashed: true,
    },
  ];
  return { title, xTitle: 'step', yTitle: 'loss, nats', series: series.filter(({ points }) => points.length > 0) };
}

/** The step in the middle of an epoch, where its mean belongs. */
function middleOf(epochs: readonly { readonly step: number }[], index: number): number {
  return ((epochs[index - 1]?.step ?? 0) + (epochs[index]?.step ?? 0)) / 2;
}

/** R@k of a run on the dev split over its steps, as far as it was scored. */
export function recallChart(rows: readonly MetricsRow[], title = 'Text → image, dev split'): Chart {
  const lines = new Map<number, Point[]>();
  for (const row of rows) {
    if (row.kind !== 'epoch') continue;
    for (const [name, y] of Object.entries(row.scores ?? {})) {
      const k = Number(/^text-to-image\/recall@(\d+)$/u.exec(name)?.[1]);
      if (!Number.isNaN(k)) lines.set(k, [...(lines.get(k) ?? []), { x: row.step, y }]);
    }
  }
  const series = [...lines].sort(([a], [b]) => a - b).map(([k, points]) => ({ name: `R@${String(k)}`, points }));
  return { title, xTitle: 'step', yTitle: 'share of queries', series, share: true };
}
