import type { AlarmReport, FinalResults, FitConfig } from '@azclip/train';

import type { Usage } from '../experiment/job-result.ts';
import type { MetricsRow } from '../report/curves.ts';

/** How fast a phase went. */
export interface PhaseSpeed {
  readonly phase: 'distillation' | 'contrastive';
  readonly steps: number;
  /** Pairs of a step; captions of the distillation. */
  readonly rowsPerStep: number;
  readonly medianStepMs: number;
  /** Rows over the time of the steps alone, without scoring and checkpoints. */
  readonly rowsPerSecond: number;
}

/** What a run cost. */
export interface RunCost {
  /** Wh, where known. */
  readonly energyWattHours?: number;
  /** By the prices of the config, where it names any. */
  readonly price?: number;
  readonly currency: string;
}

/** What is told of a finished run: `report.json`. */
export interface RunReport {
  readonly name: string;
  readonly epochs: number;
  /** Epoch of the checkpoint that was exported; 0 for the end of the distillation. */
  readonly bestEpoch: number;
  readonly loss: { readonly last: number; readonly chance: number };
  readonly speed: readonly PhaseSpeed[];
  /** Of all sittings. */
  readonly usage: Usage;
  readonly cost: RunCost;
  readonly alarms: readonly Pick<AlarmReport, 'alarm' | 'step' | 'message'>[];
  readonly results: FinalResults;
}

/** What a report is made of. */
export interface RunReportParts {
  readonly config: Pick<FitConfig, 'name' | 'train' | 'distillation' | 'cost'>;
  /** `metrics.jsonl`. */
  readonly rows: readonly MetricsRow[];
  readonly usage: Usage;
  /** Of the last sitting. */
  readonly alarms: RunReport['alarms'];
  readonly results: FinalResults;
}

/** Sums up a finished run. */
export function createRunReport({ config, rows, usage, alarms, results }: RunReportParts): RunReport {
  const steps = rows.filter((row) => row.kind === 'step');
  const epochs = rows.filter((row) => row.kind === 'epoch').filter((row) => row.phase === 'contrastive');
  const perStep = {
    distillation: config.distillation?.batchSize ?? 0,
    contrastive: config.train.batchSize * config.train.accumulate,
  };
  const speed = (['distillation', 'contrastive'] as const).flatMap((phase) => {
    const times = steps.filter((row) => row.phase === phase).map(({ stepMs }) => stepMs);
    return times.length === 0 ? [] : [speedOf(phase, times, perStep[phase])];
  });
  return {
    name: config.name,
    epochs: epochs.length,
    bestEpoch: epochs.findLast(({ best }) => best)?.epoch ?? 0,
    loss: { last: epochs.at(-1)?.loss ?? NaN, chance: steps.at(-1)?.chanceLoss ?? NaN },
    speed,
    usage,
    cost: costOf(config.cost, usage),
    alarms: alarms.map(({ alarm, step, message }) => ({ alarm, step, message })),
    results,
  };
}

function speedOf(phase: PhaseSpeed['phase'], times: readonly number[], rowsPerStep: number): PhaseSpeed {
  const sorted = times.toSorted((a, b) => a - b);
  const medianStepMs = sorted[Math.floor(sorted.length / 2)] as number;
  const seconds = times.reduce((sum, ms) => sum + ms, 0) / 1000;
  return {
    phase,
    steps: times.length,
    rowsPerStep,
    medianStepMs,
    rowsPerSecond: (times.length * rowsPerStep) / seconds,
  };
}

function costOf(
  { pricePerKilowattHour, pricePerHour, currency }: FitConfig['cost'],
  { energyJoules, wallSeconds }: Usage,
): RunCost {
  const energyWattHours = energyJoules === undefined ? undefined : energyJoules / 3600;
  const ofEnergy = pricePerKilowattHour && energyWattHours && (pricePerKilowattHour * energyWattHours) / 1000;
  const ofTime = pricePerHour && (pricePerHour * wallSeconds) / 3600;
  const price = ofEnergy === undefined && ofTime === undefined ? undefined : (ofEnergy ?? 0) + (ofTime ?? 0);
  return { currency, ...(energyWattHours !== undefined && { energyWattHours }), ...(price !== undefined && { price }) };
}
