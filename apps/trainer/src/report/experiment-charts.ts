import { existsSync } from 'node:fs';

import { runFolderOf } from '@azclip/train';

import type { Chart, Series } from './chart.ts';
import { type MetricsRow, readMetrics } from './curves.ts';
import { type ExperimentReport, runName, trainedOn } from './experiment-report.ts';

/** The training loss and R@10 on dev of every run that has begun, over its epochs: the paper's Figures 6 and 7. */
export async function experimentCharts(report: ExperimentReport): Promise<Chart[]> {
  const series: { loss: Series; recall: Series }[] = [];
  for (const { job } of report.runs) {
    const { metrics } = runFolderOf(job.fit);
    if (!existsSync(metrics)) continue;
    const name = `${runName(report, job)} · ${trainedOn(job)}`;
    const epochs = (await readMetrics(metrics)).filter((row) => row.kind === 'epoch');
    const recall = epochs.flatMap((row) => pointOf(row.epoch, row.scores?.['text-to-image/recall@10']));
    series.push({
      loss: { name, points: epochs.map(({ epoch, loss }) => ({ x: epoch, y: loss })) },
      recall: { name, points: recall },
    });
  }
  return [
    { title: 'Training loss', xTitle: 'epoch', yTitle: 'loss, nats', series: series.map(({ loss }) => loss) },
    {
      title: 'R@10, text → image, dev of the own set',
      xTitle: 'epoch',
      yTitle: 'share of queries',
      share: true,
      series: series.map(({ recall }) => recall),
    },
  ];
}

function pointOf(x: MetricsRow['step'], y: number | undefined): { x: number; y: number }[] {
  return y === undefined ? [] : [{ x, y }];
}
