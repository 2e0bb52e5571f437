import { contrastivePhase, contrastiveSteps } from './phases/contrastive-phase.ts';
import { distillationPhase, distillationSteps } from './phases/distillation-phase.ts';
import { stateAfterDistillation } from './distillation/distillation-step.ts';
import type { PreparedDistillation } from './distillation/prepare-distillation.ts';
import { selectionScore } from './evaluate/selection-score.ts';
import { isFirst } from './parallel/communicator.ts';
import { shareState } from './parallel/share-start.ts';
import { firstProgress, initialStateOf } from './phases/beginning-of-run.ts';
import { runPhase, type PhaseOutcome } from './phases/run-phase.ts';
import type { PreparedRun } from './prepare-run.ts';
import type { EpochReport, StepReport } from './report.ts';
import { checkpointPath, inOrderOf, noProgress, writeCheckpoint, type Checkpoint } from './run/checkpoint.ts';
import type { HostTensors } from './step/host-tensors.ts';

/** What a run may be told while it goes on. */
export interface FitOptions {
  /** Ends the run after the step under way, with a checkpoint. */
  readonly signal?: AbortSignal | undefined;
  /** Where the run goes on; by default its beginning. */
  readonly from?: Checkpoint | undefined;
}

type Reports = AsyncGenerator<StepReport | EpochReport, PhaseOutcome>;

/** Trains a prepared run to its end, or until the signal: distillation where the config asks for it, then both towers
 * together. Yields a report a step and an epoch. Everything random depends on the seed and the place in the run, so a run
 * that was interrupted and taken up again ends with the same numbers as one that was not. */
export async function* fit(run: PreparedRun, { signal, from }: FitOptions = {}): Reports {
  const { distillation } = run;
  const progress = firstProgress(run);
  let start = from ?? { state: initialStateOf(run, progress.phase), progress };
  if (distillation && start.progress.phase === 'distillation') {
    const distilled = yield* distill(run, distillation, start, signal);
    if (distilled.outcome === 'stopped') return distilled;
    start = distilled.checkpoint;
  }
  return yield* contrast(run, start, signal);
}

async function* contrast(run: PreparedRun, from: Checkpoint, signal: AbortSignal | undefined): Reports {
  const phase = contrastivePhase(run, inRunOrder(run, run.initialState, from.state));
  try {
    const stepsBefore = distillationSteps(run);
    const totalSteps = stepsBefore + contrastiveSteps(run);
    return yield* runPhase(run, phase, { progress: from.progress, stepsBefore, totalSteps, signal });
  } finally {
    await phase.close();
  }
}

/** Distils, and hands over to the contrastive phase. @returns where that begins. */
async function* distill(
  run: PreparedRun,
  distillation: PreparedDistillation,
  from: Checkpoint,
  signal: AbortSignal | undefined,
): AsyncGenerator<StepReport | EpochReport, PhaseOutcome & { readonly checkpoint: Checkpoint }> {
  const initial = initialStateOf(run, 'distillation');
  const phase = distillationPhase(run, distillation, inRunOrder(run, initial, from.state));
  try {
    const totalSteps = distillationSteps(run) + contrastiveSteps(run);
    const ended = yield* runPhase(run, phase, { progress: from.progress, stepsBefore: 0, totalSteps, signal });
    if (ended.outcome === 'stopped') return { ...ended, checkpoint: { state: await phase.readState(), ...ended } };
    const own = stateAfterDistillation(run.initialState, await phase.readState());
    const state = run.ranks ? shareState(run.ranks, own) : own;
    const handedOver = { state, progress: { ...noProgress, step: ended.progress.step } };
    if (!isFirst(run.ranks)) return { ...ended, checkpoint: handedOver };
    const bestScore = selectionScore(await phase.score());
    const checkpoint = { state, progress: { ...handedOver.progress, bestScore, bestEpoch: 0 } };
    for (const name of ['best', 'last'] as const) {
      await writeCheckpoint(checkpointPath(run.folder, name), checkpoint, run.config);
    }
    return { ...ended, checkpoint };
  } finally {
    await phase.close();
  }
}

const inRunOrder = ({ folder }: PreparedRun, own: HostTensors, stored: HostTensors): HostTensors =>
  inOrderOf(own, stored, checkpointPath(folder, 'last'));
