import { join } from 'node:path';

import { writeFileAtomic } from '@azclip/base';

import { experimentCharts } from './experiment-charts.ts';
import type { ExperimentReport } from './experiment-report.ts';
import { experimentTables } from './experiment-tables.ts';
import { page } from './page.ts';
import { chartSvg, svgToPng } from './render-chart.ts';
import { htmlTable, markdownTable } from './table.ts';

/** Writes what is known of a grid as `report.json`, `report.md` with `curves.png` and `curves.svg`, and `report.html`.
 * @returns the paths of the reports. */
export async function writeExperiment(report: ExperimentReport, folder: string): Promise<string[]> {
  const { name } = report.config;
  const tables = experimentTables(report);
  const curves = await chartSvg(await experimentCharts(report));
  const runs = report.runs.map(({ job, state }) => ({ id: job.id, choices: job.choices, seed: job.seed, ...state }));
  const markdown = [`# ${name}`, ...tables.map(markdownTable), '## Curves', `![Loss and R@10](curves.png)`];
  const figure = `<h2>Curves</h2><figure>${curves}</figure>`;
  const files: [string, string | Uint8Array][] = [
    ['curves.svg', curves],
    ['curves.png', svgToPng(curves)],
    ['report.json', `${JSON.stringify({ name, runs }, null, 2)}\n`],
    ['report.md', `${markdown.join('\n\n')}\n`],
    ['report.html', page(name, [...tables.map(htmlTable), figure].join('\n'))],
  ];
  for (const [file, content] of files) await writeFileAtomic(join(folder, file), content);
  return ['report.json', 'report.md', 'report.html'].map((file) => join(folder, file));
}
