import { setImmediate as nextTurn } from 'node:timers/promises';

import type { ScheduleConfig } from '../config.ts';
import { DivergedError } from '../diverged-error.ts';
import { selectionScore } from '../evaluate/selection-score.ts';
import { isFirst, onAnyRank } from '../parallel/communicator.ts';
import type { PreparedRun } from '../prepare-run.ts';
import type { EpochReport, StepReport } from '../report.ts';
import { checkpointPath, writeCheckpoint, type Progress } from '../run/checkpoint.ts';
import type { TrainBatch } from '../batches/train-batches.ts';
import type { Phase } from './phase.ts';

/** Where a phase begins, and what may end it. */
export interface RunPhaseOptions {
  readonly progress: Progress;
  /** Steps of the run before this phase. */
  readonly stepsBefore: number;
  /** Steps of the whole run. */
  readonly totalSteps: number;
  /** Ends the phase after the step under way, with a checkpoint. */
  readonly signal?: AbortSignal | undefined;
}

/** How a phase ended. */
export interface PhaseOutcome {
  readonly outcome: 'finished' | 'stopped';
  readonly progress: Progress;
}

/** Runs a phase from where `progress` stands to its end, or until the signal: steps, scores on dev, checkpoints. Yields a
 * report a step and an epoch, each before the checkpoint that holds it: whoever records reports has recorded all that a
 * checkpoint knows of. A checkpoint within an epoch waits until the epoch has another batch, so that none stands between the
 * last step of an epoch and its end; at the end of an epoch there is one where it was scored or took its time. */
export async function* runPhase(
  run: PreparedRun,
  phase: Phase,
  options: RunPhaseOptions,
): AsyncGenerator<StepReport | EpochReport, PhaseOutcome> {
  const { signal, stepsBefore } = options;
  let { progress } = options;
  const pacer = createPacer(run.config.train);
  const isDone = (): boolean => progress.step - stepsBefore === phase.steps;
  const isTold = (): boolean => onAnyRank(run.ranks, signal?.aborted === true);
  const save = async (name: 'last' | 'best'): Promise<void> => {
    if (!isFirst(run.ranks)) return;
    await writeCheckpoint(checkpointPath(run.folder, name), { state: await phase.readState(), progress }, run.config);
  };
  while (progress.epoch < phase.epochs && !isDone()) {
    let stops = false;
    for await (const batches of phase.batches(progress.epoch, progress.batch)) {
      if (isDone() || (stops = isTold())) break;
      if (pacer.isDue(progress.step)) await save('last');
      const report = await takeStep(phase, batches, progress, options);
      const batch = progress.batch + batches.length;
      progress = { ...progress, step: report.step, batch, lossSum: progress.lossSum + report.loss * batches.length };
      yield report;
    }
    if (stops) {
      await save('last');
      return { outcome: 'stopped', progress };
    }
    const report = await endEpoch(run, phase, progress, isDone());
    const best =
      report.scores && report.best ? { bestScore: selectionScore(report.scores), bestEpoch: report.epoch } : {};
    progress = { ...progress, ...best, epoch: progress.epoch + 1, batch: 0, lossSum: 0 };
    yield report;
    if (report.best) await save('best');
    if (report.scores ?? pacer.isLong(progress.step)) await save('last');
  }
  return { outcome: 'finished', progress };
}

/** Seconds of training that are not worth a checkpoint: short epochs would take longer to write than to train again. */
const leastSeconds = 5;

/** Tells when a checkpoint is due within an epoch, and whether the time since the last one is worth one at its end. */
function createPacer({ checkpointEverySteps = Infinity, checkpointEveryMinutes }: ScheduleConfig) {
  let last: { readonly step: number; readonly time: number } | undefined;
  const passed = (step: number, steps: number, milliseconds: number): boolean => {
    const now = { step, time: performance.now() };
    last ??= now;
    const due = step - last.step >= steps || now.time - last.time >= milliseconds;
    if (due) last = now;
    return due;
  };
  return {
    isDue: (step: number) => passed(step, checkpointEverySteps, checkpointEveryMinutes * 60_000),
    isLong: (step: number) => passed(step, Infinity, leastSeconds * 1000),
  };
}

async function takeStep(
  phase: Phase,
  batches: readonly TrainBatch[],
  progress: Progress,
  { stepsBefore, totalSteps }: RunPhaseOptions,
): Promise<StepReport> {
  const step = progress.step + 1;
  const began = performance.now();
  const values = await phase.step(batches, step - stepsBefore);
  const report: StepReport = {
    kind: 'step',
    phase: phase.name,
    step,
    totalSteps,
    epoch: progress.epoch + 1,
    ...values,
    stepMs: performance.now() - began,
  };
  await nextTurn(); // so that signals and timers are heard between two steps, which block the thread
  checkFinite(report);
  return report;
}

/** @throws {DivergedError} where the next numbers would mean nothing: gradients without bound make parameters that are none. */
function checkFinite({ step, loss, gradientNorm }: StepReport): void {
  if (!Number.isFinite(loss)) throw new DivergedError(step, 'loss', loss);
  if (!Number.isFinite(gradientNorm)) throw new DivergedError(step, 'norm of the gradients', gradientNorm);
}

async function endEpoch(
  { config, ranks }: PreparedRun,
  phase: Phase,
  { step, epoch: before, batch, lossSum, bestScore }: Progress,
  isDone: boolean,
): Promise<EpochReport> {
  const { name, epochs } = phase;
  const epoch = before + 1;
  const due = isDone || epoch === epochs || epoch % config.evaluation.everyEpochs === 0;
  const scores = due && isFirst(ranks) ? await phase.score() : undefined;
  const best = phase.selects && scores !== undefined && selectionScore(scores) > (bestScore ?? -1);
  return { kind: 'epoch', phase: name, epoch, epochs, step, loss: lossSum / batch, scores, best };
}
