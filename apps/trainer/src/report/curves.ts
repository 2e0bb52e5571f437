import type { Chart, Point, Series } from './chart.ts';
import { writeCharts } from './render-chart.ts';

/** What is known of a run at one moment of its training. */
export interface MetricsRow {
  /** Epochs gone by, a fraction within an epoch. */
  readonly epoch: number;
  /** Training loss, nats. */
  readonly loss?: number;
  /** Loss of a model that has learned nothing: ln(batch). */
  readonly chance?: number;
  /** Loss on the dev split, nats. */
  readonly devLoss?: number;
  /** R@k of text → image on the dev split, by k. */
  readonly recallAt?: Readonly<Record<number, number>>;
}

/** Draws the loss, beside the level of chance, and R@k over the epochs of a run.
 * @param path - ending in `.svg`, or a PNG is written. */
export async function renderCurves(rows: readonly MetricsRow[], path: string): Promise<void> {
  await writeCharts([lossChart(rows), recallChart(rows)], path);
}

/** The loss of a run over its epochs. */
export function lossChart(rows: readonly MetricsRow[], title = 'Loss'): Chart {
  const series: Series[] = [
    { name: 'train', points: pointsOf(rows, (row) => row.loss) },
    { name: 'dev', points: pointsOf(rows, (row) => row.devLoss) },
    { name: 'ln(batch): chance', points: pointsOf(rows, (row) => row.chance), dashed: true },
  ];
  const drawn = series.filter(({ points }) => points.length > 0);
  return { title, xTitle: 'epoch', yTitle: 'loss, nats', series: drawn };
}

/** R@k of a run over its epochs. */
export function recallChart(rows: readonly MetricsRow[], title = 'Text → image, dev split'): Chart {
  const cutoffs = [...new Set(rows.flatMap(({ recallAt }) => Object.keys(recallAt ?? {}).map(Number)))];
  const series = cutoffs
    .sort((a, b) => a - b)
    .map((k) => ({ name: `R@${String(k)}`, points: pointsOf(rows, (row) => row.recallAt?.[k]) }));
  return { title, xTitle: 'epoch', yTitle: 'share of queries', series, share: true };
}

function pointsOf(rows: readonly MetricsRow[], value: (row: MetricsRow) => number | undefined): Point[] {
  return rows.flatMap((row) => {
    const y = value(row);
    return y === undefined ? [] : [{ x: row.epoch, y }];
  });
}
