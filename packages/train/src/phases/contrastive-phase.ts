import { mixSeed } from '@azclip/base';
import { batchCount, type PixelPool } from '@azclip/data';
import { chanceLoss } from '@azclip/loss';

import { openAugmenter } from '../batches/open-augmenter.ts';
import { prefetch } from '../batches/prefetch.ts';
import { trainBatches, type TrainBatch } from '../batches/train-batches.ts';
import { createScorer } from '../evaluate/scorer.ts';
import { warmupCosine } from '../optimizer/schedule.ts';
import type { PreparedRun } from '../prepare-run.ts';
import type { Phase } from './phase.ts';
import type { StepValues } from '../report.ts';
import type { HostTensors } from '../step/host-tensors.ts';
import { createMicroBatchStep } from '../step/micro-batch-step.ts';
import { runBatches } from '../step/run-batches.ts';
import { createStepRunner, type StepRunner } from '../step/step-runner.ts';
import { parametersOf } from '../step/train-state.ts';
import { createTrainStep } from '../step/train-step.ts';

/** Number of steps of the contrastive phase. */
export function contrastiveSteps({ config, pairs }: Pick<PreparedRun, 'config' | 'pairs'>): number {
  const { epochs, batchSize, accumulate, maxSteps = Infinity } = config.train;
  const batches = batchCount(pairs.train.length, batchSize);
  return Math.min(maxSteps, epochs * Math.floor(batches / accumulate));
}

/** Both towers learn to tell which image and which text belong together; scored by retrieval on dev. */
export function contrastivePhase(run: PreparedRun, state: HostTensors): Phase {
  const { config, model, template, ranks } = run;
  const pass =
    rowsAtOnce(run) === undefined
      ? createTrainStep(model, template, config)
      : createMicroBatchStep(model, template, config, ranks?.rank);
  const runner = createStepRunner(pass, state);
  const scorer = createScorer({ ...run, batchSize: config.evaluation.batchSize });
  const augmenter = openAugmenter(config, model);
  return {
    name: 'contrastive',
    epochs: config.train.epochs,
    steps: contrastiveSteps(run),
    selects: true,
    batches: (epoch, first) => stepsOfEpoch(run, augmenter, epoch, first),
    step: (batches, step) => trainStep(run, runner, batches, step),
    score: async () => scorer.score(run.pairs.dev, parametersOf(await runner.readState())),
    readState: () => runner.readState(),
    close: async () => {
      runner.dispose();
      scorer.dispose();
      await augmenter?.close();
    },
  };
}

/** Rows that pass through the towers at once: those of a micro-batch, else this rank's own; undefined for the whole batch. */
function rowsAtOnce({ config: { train }, ranks }: PreparedRun): number | undefined {
  return train.microBatch ?? (ranks && train.batchSize / ranks.size);
}

/** Batches that wait for the step. */
const madeAhead = 2;

/** Batches of an epoch, as many together as a step takes; two are made ahead of it. What does not fill a step is left out, as
 * is what does not fill a batch. */
async function* stepsOfEpoch(
  { pairs, images, encode, config, ranks }: PreparedRun,
  augmenter: PixelPool | undefined,
  epoch: number,
  first: number,
): AsyncGenerator<readonly TrainBatch[]> {
  const { seed, loss } = config;
  const { batchSize, accumulate } = config.train;
  const { captions } = config.text.captions;
  const heldBatches = accumulate + madeAhead + 1; // one more is under way
  const options = {
    pairs: pairs.train,
    images,
    augmenter,
    encode,
    batchSize,
    captions,
    seed,
    loss,
    heldBatches,
    ranks,
  };
  let together: TrainBatch[] = [];
  for await (const batch of prefetch(trainBatches(options, epoch, first), madeAhead)) {
    together.push(batch);
    if (together.length < accumulate) continue;
    yield together;
    together = [];
  }
}

async function trainStep(
  run: PreparedRun,
  runner: StepRunner,
  batches: readonly TrainBatch[],
  step: number,
): Promise<StepValues> {
  const { seed, train, loss } = run.config;
  const { batchSize, learningRate: peak, warmupSteps } = train;
  const learningRate = warmupCosine(step - 1, { peak, warmupSteps, totalSteps: contrastiveSteps(run) });
  const tensors = batches.map((batch) => batch.tensors);
  const options = { microBatch: rowsAtOnce(run), seed: mixSeed(seed, step), ranks: run.ranks };
  const values = await runBatches(runner, tensors, { learningRate, step }, options);
  return { ...values, chanceLoss: chanceLoss(loss, batchSize), learningRate };
}
