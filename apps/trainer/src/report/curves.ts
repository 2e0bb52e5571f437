import { readJsonLines } from '@azclip/base';
import { z } from 'zod';

import type { Chart, Point, Series } from './chart.ts';
import { writeCharts } from './render-chart.ts';

/** A loss; what was not finite is `null` in JSON. */
const loss = z
  .number()
  .nullable()
  .transform((value) => value ?? NaN);

/** Logs from before there was more than one phase do not name it. */
const phase = z.enum(['distillation', 'contrastive']).default('contrastive');

/** What the curves take of a line of `metrics.jsonl`; other keys are left alone. */
const metricsRow = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('step'),
    phase,
    step: z.number(),
    loss,
    chanceLoss: z.number(),
    stepMs: z.number(),
    gradientNorm: loss.optional(),
    logitScale: loss.optional(),
    alignment: loss.optional(),
    uniformity: loss.optional(),
  }),
  z.object({
    kind: z.literal('epoch'),
    phase,
    epoch: z.number(),
    step: z.number(),
    loss,
    scores: z.record(z.string(), z.number()).optional(),
    best: z.boolean().optional(),
  }),
]);

/** A line of `metrics.jsonl`: a step or the end of an epoch. */
export type MetricsRow = z.infer<typeof metricsRow>;

/** The line of a step. */
type StepRow = Extract<MetricsRow, { kind: 'step' }>;

/** Draws a run over its steps: the loss beside the level of chance, of either phase; R@k on dev; alignment and uniformity,
 * temperature and gradient norm, as far as its log has them.
 * @param metrics - `metrics.jsonl` of the run.  @param path - ending in `.svg`, or a PNG is written.
 * @throws {InputError} naming file and line of a row that is none. */
export async function renderCurves(metrics: string, path: string): Promise<void> {
  const rows = await readMetrics(metrics);
  const distillation = rows.filter((row) => row.phase === 'distillation');
  const more = [
    lossChart(distillation, 'Loss of the distillation', 'no relation'),
    measureChart(rows, 'Alignment and uniformity', '', { alignment: 'alignment', uniformity: 'uniformity' }),
    measureChart(rows, 'Temperature', '1 / temperature', { logitScale: 'logit scale' }),
    measureChart(rows, 'Gradients, before clipping', 'norm', { gradientNorm: 'norm of all together' }),
  ];
  const contrastive = rows.filter((row) => row.phase === 'contrastive');
  const charts = [lossChart(contrastive), recallChart(rows), ...more.filter(({ series }) => series.length > 0)];
  await writeCharts(charts, path);
}

/** Reads `metrics.jsonl`.
 * @throws {InputError} naming file and line of a row that is none. */
export async function readMetrics(path: string): Promise<MetricsRow[]> {
  const rows: MetricsRow[] = [];
  for await (const row of readJsonLines(path, metricsRow)) rows.push(row);
  return rows;
}

/** The loss of a run over its steps. */
export function lossChart(rows: readonly MetricsRow[], title = 'Loss', chance = 'ln(batch): chance'): Chart {
  const steps = rows.filter((row) => row.kind === 'step');
  const epochs = rows.filter((row) => row.kind === 'epoch');
  const before = (steps[0]?.step ?? 1) - 1;
  const middleOf = (i: number): number => ((epochs[i - 1]?.step ?? before) + (epochs[i]?.step ?? before)) / 2;
  const series: Series[] = [
    { name: 'step', points: steps.map(({ step, loss }) => ({ x: step, y: loss })) },
    { name: 'mean of the epoch', points: epochs.map((row, i) => ({ x: middleOf(i), y: row.loss })) },
    {
      name: chance,
      points: steps.map(({ step, chanceLoss }) => ({ x: step, y: chanceLoss })),
      dashed: true,
    },
  ];
  return { title, xTitle: 'step', yTitle: 'loss, nats', series: series.filter(({ points }) => points.length > 0) };
}

/** Measures of the steps of a run.
 * @param names - of the legend, by the key in the row. */
export function measureChart(
  rows: readonly MetricsRow[],
  title: string,
  yTitle: string,
  names: Partial<Record<keyof StepRow, string>>,
): Chart {
  const steps = rows.filter((row) => row.kind === 'step');
  const series = Object.entries(names).map(([key, name]): Series => {
    const points = steps.flatMap((row) => {
      const y = row[key as keyof StepRow];
      return typeof y === 'number' ? [{ x: row.step, y }] : [];
    });
    return { name, points };
  });
  return { title, xTitle: 'step', yTitle, series: series.filter(({ points }) => points.length > 0) };
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
