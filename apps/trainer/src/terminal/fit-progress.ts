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
export function createFitProgress({ train, distillation }: Pick<FitConfig, 'train' | 'distillation'>): FitProgress {
  const bar = createBar();
  const { batchSize, accumulate } = train;
  let stepMs = 0; // moving average, so that the estimate does not jump
  const showStep = (report: StepReport): void => {
    stepMs = stepMs === 0 ? report.stepMs : 0.95 * stepMs + 0.05 * report.stepMs;
    const { phase, step, totalSteps } = report;
    const rows = phase === 'distillation' ? (distillation?.batchSize ?? 0) : batchSize * accumulate;
    const rate = `${String(Math.round((1000 * rows) / stepMs))} ${phase === 'distillation' ? 'captions' : 'pairs'}/s`;
    const left = formatDuration((totalSteps - step) * stepMs);
    bar.show(step, totalSteps, `${stepLine(report)} · ${rate} · ETA ${left}`);
  };
  return {
    report: (report) => {
      if (report.kind === 'step') showStep(report);
      else if (report.kind === 'preparation') showPreparation(bar, report);
      else {
        const line = lineOf(report);
        if (line === undefined) return;
        bar.clear();
        if (report.kind === 'issue' || report.kind === 'alarm') consola.warn(line);
        else consola.log(line);
      }
    },
    stop: bar.clear,
  };
}

/** What a step measured, in one line: loss beside chance, temperature, gradient norm, alignment and uniformity. */
export function stepLine(report: StepReport): string {
  const { phase, epoch, loss, chanceLoss, gradientNorm, logitScale, alignment, uniformity } = report;
  const measures = [
    `${namePhase(phase)}epoch ${String(epoch)}`,
    `loss ${loss.toFixed(3)} (chance ${chanceLoss.toFixed(3)})`,
    logitScale === undefined ? [] : `scale ${logitScale.toFixed(1)}`,
    `gradient ${gradientNorm.toFixed(2)}`,
    alignment === undefined ? [] : `align ${alignment.toFixed(2)}`,
    uniformity === undefined ? [] : `uniform ${uniformity.toFixed(2)}`,
  ];
  return measures.flat().join(' · ');
}

function lineOf(report: Exclude<FitReport, StepReport | PreparationReport>): string | undefined {
  if (report.kind === 'note') return report.message;
  if (report.kind === 'alarm') return `step ${String(report.step)}: ${report.message}`;
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
