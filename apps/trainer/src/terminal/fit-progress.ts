import type { EpochReport, FitConfig, FitReport, PhaseName, PreparationReport, StepReport } from '@azclip/train';
import { consola } from 'consola';

import { createBar, type Bar } from './bar.ts';
import { formatDuration } from './duration.ts';

/** Shows a training run while it goes on. */
export interface FitProgress {
  readonly report: (report: FitReport) => void;
  /** Takes the bar away. */
  readonly stop: () => void;
}

/** A bar on a terminal, a line an epoch elsewhere. */
export function createFitProgress(config: Pick<FitConfig, 'name' | 'train'>): FitProgress {
  const bar = createBar();
  const { batchSize } = config.train;
  let stepMs = 0; // moving average, so that the estimate does not jump
  const showStep = (report: StepReport): void => {
    stepMs = stepMs === 0 ? report.stepMs : 0.95 * stepMs + 0.05 * report.stepMs;
    const { phase, step, totalSteps, epoch, loss, chanceLoss, logitScale } = report;
    const rate = `${String(Math.round((1000 * batchSize) / stepMs))} pairs/s`;
    const left = formatDuration((totalSteps - step) * stepMs);
    const losses = `loss ${loss.toFixed(3)} (chance ${chanceLoss.toFixed(3)})`;
    const scale = logitScale === undefined ? '' : ` · scale ${logitScale.toFixed(1)}`;
    bar.show(step, totalSteps, `${namePhase(phase)}epoch ${String(epoch)} · ${losses}${scale} · ${rate} · ETA ${left}`);
  };
  return {
    report: (report) => {
      if (report.kind === 'step') showStep(report);
      else if (report.kind === 'preparation') showPreparation(bar, report);
      else {
        const line = lineOf(report);
        if (line === undefined) return;
        bar.clear();
        if (report.kind === 'issue') consola.warn(line);
        else consola.log(line);
      }
    },
    stop: bar.clear,
  };
}

function lineOf(report: Exclude<FitReport, StepReport | PreparationReport>): string | undefined {
  if (report.kind === 'note') return report.message;
  if (report.kind === 'issue') return `${report.issue.place}: ${report.issue.message}`;
  return epochLine(report);
}

/** The end of an epoch in one line: loss, and text→image scores where dev was scored. */
export function epochLine({ phase, epoch, epochs, loss, scores, best }: EpochReport): string {
  const place = `epoch ${String(epoch).padStart(String(epochs).length)}/${String(epochs)}`;
  const nearness = scores?.['teacher/cosine'];
  const teacher = nearness === undefined ? '' : `  cosine to the teacher ${nearness.toFixed(3)}`;
  const head = `${namePhase(phase)}${place}  loss ${loss.toFixed(3)}${teacher}`;
  if (!scores) return head;
  const percent = (k: number): string => ((scores[`text-to-image/recall@${String(k)}`] ?? 0) * 100).toFixed(1);
  const rank = String(scores['text-to-image/median-rank']);
  return `${head}  dev text→image R@1/5/10 ${percent(1)}/${percent(5)}/${percent(10)}, median rank ${rank}${best ? '  ★' : ''}`;
}

/** The usual phase needs no name. */
const namePhase = (phase: PhaseName): string => (phase === 'contrastive' ? '' : `${phase} `);

function showPreparation(bar: Bar, { what, done, total }: PreparationReport): void {
  if (total !== undefined) bar.show(done, total, what);
}
