import type { EpochReport, StepReport } from '../report.ts';
import { openMetricsLog, type MetricsRecord } from './metrics-log.ts';
import type { RunFolder } from './run-folder.ts';
import { openEventLog } from './tensorboard/event-log.ts';

/** What a run leaves of its course: `metrics.jsonl`, and the same for TensorBoard. */
export interface RunRecord<Report extends MetricsRecord> {
  /** Adds a step, an epoch, a measurement. */
  append(report: Report): Promise<void>;
  /** Ends the files. */
  close(): Promise<void>;
}

/** Opens the record of a run that stands at `step`; what was written beyond it is cut off.
 * @param tagged - the numbers of a report by TensorBoard's tags. */
export async function openRunRecord<Report extends MetricsRecord>(
  { metrics, events }: Pick<RunFolder, 'metrics' | 'events'>,
  step: number,
  tagged: (report: Report) => Readonly<Record<string, number>>,
): Promise<RunRecord<Report>> {
  const metricsLog = await openMetricsLog(metrics, step);
  const eventLog = await openEventLog(events, step);
  return {
    append: async (report) => {
      await metricsLog.append(report);
      await eventLog.append(report.step, tagged(report));
    },
    close: async () => {
      await metricsLog.close();
      await eventLog.close();
    },
  };
}

/** The numbers of a report by TensorBoard's tags: what a phase measures under its name, scores under `dev`. */
export function scalarsOf(report: StepReport | EpochReport): Record<string, number> {
  if (report.kind === 'epoch') {
    const scores = Object.entries(report.scores ?? {}).map(([name, value]) => [`dev/${name}`, value] as const);
    return { [`${report.phase}/epoch-loss`]: report.loss, ...Object.fromEntries(scores) };
  }
  const { phase, loss, chanceLoss, gradientNorm, logitScale, alignment, uniformity, learningRate, stepMs } = report;
  const values = { loss, 'chance-loss': chanceLoss, 'gradient-norm': gradientNorm, 'logit-scale': logitScale };
  const rest = { alignment, uniformity, 'learning-rate': learningRate, 'step-ms': stepMs };
  const named = Object.entries({ ...values, ...rest });
  return Object.fromEntries(
    named.flatMap(([name, value]) => (value === undefined ? [] : [[`${phase}/${name}`, value]])),
  );
}
