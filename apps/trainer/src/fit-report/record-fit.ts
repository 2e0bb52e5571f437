import { writeFileAtomic } from '@azclip/base';
import type { AlarmReport, FinalResults, FitConfig, FitReport, RunFolder } from '@azclip/train';

import { readMetrics, renderCurves } from '../report/curves.ts';
import { scoreLines } from '../report/score-lines.ts';
import { createRunReport } from './fit-report.ts';
import { reportMarkdown, usageRows } from './report-lines.ts';
import { openSittings } from './sittings.ts';

/** What is written about a run while it goes on and at its end. */
export interface FitRecord {
  /** Takes notice of a report; what the run has taken is saved at the end of each epoch. */
  hear(report: FitReport): Promise<void>;
  /** Draws the curves of a run that was stopped. */
  stop(): Promise<void>;
  /** Draws the curves and writes `report.md` and `report.json`.
   * @returns scores, speed, memory, energy and cost as lines. */
  finish(results: FinalResults): Promise<string[]>;
}

/** Opens the record of a run; a sitting begins.
 * @param goesOn - whether earlier sittings of the run count. */
export async function openFitRecord(config: FitConfig, folder: RunFolder, goesOn: boolean): Promise<FitRecord> {
  const { metrics, curves, report: files } = folder;
  const sittings = await openSittings(files.usage, goesOn, config.cost.wattsPerCore);
  const alarms: AlarmReport[] = [];
  const stop = async (): Promise<void> => {
    await sittings.save();
    await renderCurves(metrics, curves);
  };
  return {
    hear: async (report) => {
      if (report.kind === 'alarm') alarms.push(report);
      if (report.kind === 'epoch') await sittings.save();
    },
    stop,
    finish: async ({ scores, protocols }) => {
      await stop();
      const results = { scores, protocols };
      const [rows, usage] = [await readMetrics(metrics), await sittings.save()];
      const report = createRunReport({ config, rows, usage, alarms, results });
      await writeFileAtomic(files.json, `${JSON.stringify(report, null, 2)}\n`);
      await writeFileAtomic(files.markdown, reportMarkdown(report, scoreLines(results)));
      return [...scoreLines(results), ...usageRows(report).map(([name, value]) => `${name}: ${value}`)];
    },
  };
}
