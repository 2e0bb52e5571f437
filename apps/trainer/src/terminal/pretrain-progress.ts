import type { MlmStepReport, PretrainReport } from '@azclip/train';
import { consola } from 'consola';

import { createBar } from './bar.ts';
import { formatDuration } from './duration.ts';

/** Shows pre-training while it goes on. */
export interface PretrainProgress {
  readonly report: (report: PretrainReport) => void;
  /** Takes the bar away. */
  readonly stop: () => void;
}

/** A bar on a terminal, a line a measurement elsewhere. */
export function createPretrainProgress(): PretrainProgress {
  const bar = createBar();
  let stepMs = 0; // moving average, so that the estimate does not jump
  let reading = '';
  const showStep = ({ step, totalSteps, loss, chanceLoss, stepMs: last }: MlmStepReport): void => {
    stepMs = stepMs === 0 ? last : 0.95 * stepMs + 0.05 * last;
    const losses = `loss ${loss.toFixed(3)} (chance ${chanceLoss.toFixed(3)})`;
    bar.show(step, totalSteps, `${losses} · ETA ${formatDuration((totalSteps - step) * stepMs)}`);
  };
  const say = (line: string): void => {
    bar.clear();
    consola.log(line);
  };
  return {
    report: (report) => {
      if (report.kind === 'step') showStep(report);
      else if (report.kind === 'note') say(report.message);
      else if (report.kind === 'evaluation')
        say(`step ${String(report.step)}  held-out loss ${report.loss.toFixed(3)}`);
      else if (report.what !== reading) {
        reading = report.what;
        say(`reading: ${report.what}`);
      }
    },
    stop: bar.clear,
  };
}
