import { join } from 'node:path';

import { writeFileAtomic } from '@azclip/base';

import type { EvaluationReport } from '../evaluation/evaluate.ts';
import { recallCharts } from './evaluation-charts.ts';
import { evaluationHtml } from './evaluation-html.ts';
import { evaluationJson } from './evaluation-json.ts';
import { evaluationMarkdown } from './evaluation-markdown.ts';
import { chartSvg, svgToPng } from './render-chart.ts';

/** Writes an evaluation as `report.json`, `report.md` with `recall.png`, and `report.html`.
 * @returns the paths of the reports. */
export async function writeEvaluation(report: EvaluationReport, folder: string): Promise<string[]> {
  const curves = await chartSvg(recallCharts(report));
  const files: [string, string][] = [
    ['report.json', evaluationJson(report)],
    ['report.md', evaluationMarkdown(report, 'recall.png')],
    ['report.html', await evaluationHtml(report, curves)],
  ];
  await writeFileAtomic(join(folder, 'recall.png'), svgToPng(curves));
  for (const [name, content] of files) await writeFileAtomic(join(folder, name), content);
  return files.map(([name]) => join(folder, name));
}
