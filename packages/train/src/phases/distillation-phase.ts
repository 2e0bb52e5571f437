import { mixSeed } from '@azclip/base';
import { unrelatedDistillationLoss } from '@azclip/loss';

import type { TrainBatch } from '../batches/train-batches.ts';
import { distillationBatchCount, distillationBatches } from '../distillation/distillation-batches.ts';
import { createDistillationStep, distil, stateAfterDistillation } from '../distillation/distillation-step.ts';
import type { PreparedDistillation } from '../distillation/prepare-distillation.ts';
import { createScorer, type Scorer } from '../evaluate/scorer.ts';
import { warmupCosine } from '../optimizer/schedule.ts';
import type { PreparedRun } from '../prepare-run.ts';
import type { Scores, StepValues } from '../report.ts';
import type { Phase } from './phase.ts';
import type { HostTensors } from '../step/host-tensors.ts';
import { createStepRunner, type StepRunner } from '../step/step-runner.ts';
import { parametersOf } from '../step/train-state.ts';

/** Number of steps of the distillation phase; 0 where the run has none. */
export const distillationSteps = ({ distillation }: Pick<PreparedRun, 'distillation'>): number =>
  distillation ? distillation.section.epochs * distillationBatchCount(distillation) : 0;

/** The text tower learns the features that the teacher gives to the same captions in its own language; scored by the cosine
 * to the teacher's features on dev, and by retrieval there. */
export function distillationPhase(run: PreparedRun, distillation: PreparedDistillation, state: HostTensors): Phase {
  const { config, model, template, ranks } = run;
  const { section } = distillation;
  const { seed } = config;
  const options = { train: config.train, loss: section.loss };
  const runner = createStepRunner(createDistillationStep(model, template, options), state);
  const scorer = createScorer({ ...run, batchSize: config.evaluation.batchSize });
  return {
    name: 'distillation',
    epochs: section.epochs,
    steps: distillationSteps(run),
    selects: false,
    batches: (epoch, first) =>
      stepsOfEpoch(distillationBatches(distillation, run.encode, { seed, epoch, first, ranks })),
    step: ([batch], step) => distillationStep(run, distillation, runner, { batch: batch as TrainBatch, step }),
    score: async () => scoresOf(run, distillation, scorer, await runner.readState()),
    readState: () => runner.readState(),
    close: () => {
      runner.dispose();
      scorer.dispose();
      return Promise.resolve();
    },
  };
}

function* stepsOfEpoch(batches: Iterable<TrainBatch>): Generator<readonly TrainBatch[]> {
  for (const batch of batches) yield [batch];
}

async function distillationStep(
  run: PreparedRun,
  { section }: PreparedDistillation,
  runner: StepRunner,
  { batch, step }: { readonly batch: TrainBatch; readonly step: number },
): Promise<StepValues> {
  const { learningRate: peak, warmupSteps } = section;
  const learningRate = warmupCosine(step - 1, { peak, warmupSteps, totalSteps: distillationSteps(run) });
  const seed = mixSeed(mixSeed(run.config.seed, 'distillation'), step);
  const values = await distil(runner, batch.tensors, { learningRate, step }, { seed, ranks: run.ranks });
  return { ...values, chanceLoss: unrelatedDistillationLoss[section.loss], learningRate };
}

/** Retrieval on dev with the images as the contrastive phase will begin with them, and the nearness to the teacher. */
async function scoresOf(
  { initialState, pairs }: PreparedRun,
  { dev, targetOf }: PreparedDistillation,
  scorer: Scorer,
  distilled: HostTensors,
): Promise<Scores> {
  const params = parametersOf(stateAfterDistillation(initialState, distilled));
  const captions = dev.map(({ caption }) => caption);
  const features = await scorer.embedTexts(captions, params);
  const cosines = dev.map((caption, row) => {
    const target = targetOf(caption);
    return target.reduce((sum, value, i) => sum + value * (features[row * target.length + i] as number), 0);
  });
  const cosine = cosines.reduce((sum, value) => sum + value, 0) / dev.length;
  return { 'teacher/cosine': cosine, ...(await scorer.score(pairs.dev, params)) };
}
