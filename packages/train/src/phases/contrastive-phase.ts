import { mixSeed } from '@azclip/base';
import { batchCount, type PixelPool } from '@azclip/data';

import { openAugmenter } from '../batches/open-augmenter.ts';
import { prefetch } from '../batches/prefetch.ts';
import { trainBatches, type TrainBatch } from '../batches/train-batches.ts';
import { createScorer } from '../evaluate/scorer.ts';
import { warmupCosine } from '../optimizer/schedule.ts';
import type { PreparedRun } from '../prepare-run.ts';
import type { Phase, StepValues } from './phase.ts';
import { hostScalar, type HostTensors } from '../step/host-tensors.ts';
import { createMicroBatchStep } from '../step/micro-batch-step.ts';
import { runMicroBatches } from '../step/run-micro-batches.ts';
import { createStepRunner, type StepRunner } from '../step/step-runner.ts';
import { parametersOf } from '../step/train-state.ts';
import { createTrainStep } from '../step/train-step.ts';

/** Number of steps of the contrastive phase. */
export function contrastiveSteps({ config, pairs }: Pick<PreparedRun, 'config' | 'pairs'>): number {
  const { epochs, batchSize, maxSteps = Infinity } = config.train;
  return Math.min(maxSteps, epochs * batchCount(pairs.train.length, batchSize));
}

/** Both towers learn to tell which image and which text belong together; scored by retrieval on dev. */
export function contrastivePhase(run: PreparedRun, state: HostTensors): Phase {
  const { config, model, template } = run;
  const createStep = config.train.microBatch === undefined ? createTrainStep : createMicroBatchStep;
  const runner = createStepRunner(createStep(model, template, config), state);
  const scorer = createScorer({ ...run, batchSize: config.evaluation.batchSize });
  const augmenter = openAugmenter(config, model);
  return {
    name: 'contrastive',
    epochs: config.train.epochs,
    steps: contrastiveSteps(run),
    selects: true,
    batches: (epoch, first) => stepsOfEpoch(run, augmenter, epoch, first),
    step: ([batch], step) => trainStep(run, runner, batch as TrainBatch, step),
    score: async () => scorer.score(run.pairs.dev, parametersOf(await runner.readState())),
    readState: () => runner.readState(),
    close: async () => {
      runner.dispose();
      scorer.dispose();
      await augmenter?.close();
    },
  };
}

/** Batches of an epoch; two are made ahead of the step. */
async function* stepsOfEpoch(
  { pairs, images, encode, config }: PreparedRun,
  augmenter: PixelPool | undefined,
  epoch: number,
  first: number,
): AsyncGenerator<readonly TrainBatch[]> {
  const { seed, loss } = config;
  const { batchSize } = config.train;
  const { captions } = config.text.captions;
  const options = { pairs: pairs.train, images, augmenter, encode, batchSize, captions, seed, loss };
  for await (const batch of prefetch(trainBatches(options, epoch, first), 2)) yield [batch];
}

async function trainStep(run: PreparedRun, runner: StepRunner, batch: TrainBatch, step: number): Promise<StepValues> {
  const { config } = run;
  const { batchSize, microBatch, learningRate: peak, warmupSteps } = config.train;
  const learningRate = warmupCosine(step - 1, { peak, warmupSteps, totalSteps: contrastiveSteps(run) });
  const scalars = { learningRate: hostScalar(learningRate), step: hostScalar(step) };
  const seed = mixSeed(config.seed, step);
  const { loss, gradientNorm, logitScale } =
    microBatch === undefined
      ? await runner.run({ ...batch.tensors, ...scalars }, seed)
      : await runMicroBatches(runner, batch.tensors, scalars, { microBatch, seed });
  return {
    loss: valueOf(loss),
    chanceLoss: Math.log(batchSize),
    gradientNorm: valueOf(gradientNorm),
    logitScale: valueOf(logitScale),
    learningRate,
  };
}

const valueOf = (tensor: HostTensors[string] | undefined): number => tensor?.data[0] ?? NaN;
