import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { mixSeed } from '@azclip/base';
import { batchCount, type PixelPool } from '@azclip/data';

import { openAugmenter } from './batches/open-augmenter.ts';
import { prefetch } from './batches/prefetch.ts';
import { trainBatches, type TrainBatch } from './batches/train-batches.ts';
import { DivergedError } from './diverged-error.ts';
import { createScorer, type Scorer } from './evaluate/scorer.ts';
import { selectionScore } from './evaluate/selection-score.ts';
import { warmupCosine } from './optimizer/schedule.ts';
import type { PreparedRun } from './prepare-run.ts';
import type { EpochReport, StepReport } from './report.ts';
import { inOrderOf, noProgress, writeCheckpoint, type Checkpoint, type Progress } from './run/checkpoint.ts';
import { hostScalar, type HostTensors } from './step/host-tensors.ts';
import { createMicroBatchStep } from './step/micro-batch-step.ts';
import { runMicroBatches } from './step/run-micro-batches.ts';
import { createStepRunner, type StepRunner } from './step/step-runner.ts';
import { parametersOf } from './step/train-state.ts';
import { createTrainStep } from './step/train-step.ts';

/** What a run may be told while it goes on. */
export interface FitOptions {
  /** Ends the run after the step under way, with a checkpoint. */
  readonly signal?: AbortSignal | undefined;
  /** Where the run goes on; by default its beginning. */
  readonly from?: Checkpoint | undefined;
}

/** How the loop ended. */
export interface FitOutcome {
  /** `stopped` where the signal ended it: the last checkpoint holds all that is needed to go on. */
  readonly outcome: 'finished' | 'stopped';
  readonly progress: Progress;
}

/** The checkpoint of a run called `last` or `best`. */
export const checkpointPath = ({ folder }: Pick<PreparedRun, 'folder'>, name: 'last' | 'best'): string =>
  join(folder.checkpoints, `${name}.safetensors`);

/** Trains a prepared run to its end, or until the signal: steps, scores on dev, checkpoints. Yields a report a step and
 * an epoch. Everything random depends on the seed and the place in the run, so a run that was interrupted and taken up
 * again ends with the same numbers as one that was not. */
export async function* fit(
  run: PreparedRun,
  { signal, from }: FitOptions = {},
): AsyncGenerator<StepReport | EpochReport, FitOutcome> {
  const { config } = run;
  const state = from ? inOrderOf(run.initialState, from.state, checkpointPath(run, 'last')) : run.initialState;
  const totalSteps = stepsOf(run);
  let progress = from?.progress ?? noProgress;
  const { runner, scorer, augmenter, close } = openTools(run, state);
  const save = async (name: 'last' | 'best'): Promise<void> => {
    await writeCheckpoint(checkpointPath(run, name), { state: runner.readState(), progress }, config);
  };
  try {
    while (progress.epoch < config.train.epochs && progress.step < totalSteps) {
      for await (const batch of epochBatches(run, progress, augmenter)) {
        if (signal?.aborted === true || progress.step === totalSteps) break;
        const report = await trainStep(run, runner, batch, { progress, totalSteps });
        progress = { ...progress, step: report.step, batch: batch.index + 1, lossSum: progress.lossSum + report.loss };
        yield report;
      }
      if (signal?.aborted === true) {
        await save('last');
        return { outcome: 'stopped', progress };
      }
      const report = await endEpoch(run, scorer, runner, progress);
      const best =
        report.scores && report.best ? { bestScore: selectionScore(report.scores), bestEpoch: report.epoch } : {};
      progress = { ...progress, ...best, epoch: progress.epoch + 1, batch: 0, lossSum: 0 };
      if (report.best) await save('best');
      await save('last');
      yield report;
    }
    return { outcome: 'finished', progress };
  } finally {
    await close();
  }
}

/** What a run works with: the step on its state, the scoring of dev, the threads that augment. */
function openTools(run: PreparedRun, state: HostTensors) {
  const { config, model, template } = run;
  const createStep = config.train.microBatch === undefined ? createTrainStep : createMicroBatchStep;
  const runner = createStepRunner(createStep(model, template, config), state);
  const scorer = createScorer({ ...run, batchSize: config.evaluation.batchSize });
  const augmenter = openAugmenter(config, model);
  const close = async (): Promise<void> => {
    runner.dispose();
    scorer.dispose();
    await augmenter?.close();
  };
  return { runner, scorer, augmenter, close };
}

/** Batches of the epoch under way, from the first that is not done; two are made ahead of the step. */
function epochBatches(
  run: PreparedRun,
  { epoch, batch }: Progress,
  augmenter: PixelPool | undefined,
): AsyncIterable<TrainBatch> {
  const { pairs, images, encode, config } = run;
  const { seed, loss } = config;
  const { batchSize } = config.train;
  const { captions } = config.text.captions;
  return prefetch(
    trainBatches({ pairs: pairs.train, images, augmenter, encode, batchSize, captions, seed, loss }, epoch, batch),
    2,
  );
}

/** Number of steps of the whole run. */
function stepsOf({ config, pairs }: PreparedRun): number {
  const { epochs, batchSize, maxSteps = Infinity } = config.train;
  return Math.min(maxSteps, epochs * batchCount(pairs.train.length, batchSize));
}

async function trainStep(
  { config }: PreparedRun,
  runner: StepRunner,
  batch: TrainBatch,
  { progress, totalSteps }: { readonly progress: Progress; readonly totalSteps: number },
): Promise<StepReport> {
  const { batchSize, microBatch, learningRate: peak, warmupSteps } = config.train;
  const step = progress.step + 1;
  const learningRate = warmupCosine(progress.step, { peak, warmupSteps, totalSteps });
  const began = performance.now();
  const scalars = { learningRate: hostScalar(learningRate), step: hostScalar(step) };
  const seed = mixSeed(config.seed, step);
  const { loss, gradientNorm, logitScale } =
    microBatch === undefined
      ? await runner.run({ ...batch.tensors, ...scalars }, seed)
      : await runMicroBatches(runner, batch.tensors, scalars, { microBatch, seed });
  const report: StepReport = {
    kind: 'step',
    step,
    totalSteps,
    epoch: progress.epoch + 1,
    loss: valueOf(loss),
    chanceLoss: Math.log(batchSize),
    gradientNorm: valueOf(gradientNorm),
    logitScale: valueOf(logitScale),
    learningRate,
    stepMs: performance.now() - began,
  };
  await nextTurn(); // so that signals and timers are heard between two steps, which block the thread
  if (!Number.isFinite(report.loss)) throw new DivergedError(step, report.loss);
  return report;
}

async function endEpoch(
  run: PreparedRun,
  scorer: Scorer,
  runner: StepRunner,
  progress: Progress,
): Promise<EpochReport> {
  const { epochs } = run.config.train;
  const epoch = progress.epoch + 1;
  const last = epoch === epochs || progress.step === stepsOf(run);
  const due = last || epoch % run.config.evaluation.everyEpochs === 0;
  const scores = due ? await scorer.score(run.pairs.dev, parametersOf(runner.readState())) : undefined;
  const best = scores !== undefined && selectionScore(scores) > (progress.bestScore ?? -1);
  return { kind: 'epoch', epoch, epochs, step: progress.step, loss: progress.lossSum / progress.batch, scores, best };
}

const valueOf = (tensor: HostTensors[string] | undefined): number => tensor?.data[0] ?? NaN;
