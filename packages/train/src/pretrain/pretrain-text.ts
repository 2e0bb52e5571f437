import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';

import { InputError, mixSeed } from '@azclip/base';
import { useBackend } from '@azclip/nn';

import { DivergedError } from '../diverged-error.ts';
import { warmupCosine } from '../optimizer/schedule.ts';
import type { NoteReport, PreparationReport } from '../report.ts';
import { openRunRecord } from '../run/run-record.ts';
import { createComputation, type Computation } from '../step/compute.ts';
import { hostScalar, type HostTensors } from '../step/host-tensors.ts';
import { createStepRunner, type StepRunner } from '../step/step-runner.ts';
import { withoutPrefix } from '../step/train-state.ts';
import { parsePretrainConfig, type PretrainConfigInput } from './config.ts';
import { heldOutMlmBatch, trainMlmBatch } from './mlm-batches.ts';
import { readMlmCheckpoint, writeMlmCheckpoint } from './mlm-checkpoint.ts';
import { createMlmEvaluation, createMlmStep } from './mlm-step.ts';
import { mlmRunFolderOf, prepareMlmRun, type MlmRun, type MlmRunFolder } from './prepare-mlm-run.ts';
import { writeTextModel } from './text-model-folder.ts';

/** One step of pre-training. */
export interface MlmStepReport {
  readonly kind: 'step';
  /** 1-based. */
  readonly step: number;
  readonly totalSteps: number;
  /** Nats; beside it `chanceLoss` = ln(vocabulary), the loss of a model that has learned nothing. */
  readonly loss: number;
  readonly chanceLoss: number;
  /** L2 norm of all gradients together, before clipping. */
  readonly gradientNorm: number;
  readonly learningRate: number;
  /** Milliseconds that the step took. */
  readonly stepMs: number;
}

/** A measurement on the held-out windows. */
export interface MlmEvaluationReport {
  readonly kind: 'evaluation';
  readonly step: number;
  /** Nats, mean over the batches. */
  readonly loss: number;
}

/** What pre-training tells while it goes on. */
export type PretrainReport = PreparationReport | NoteReport | MlmStepReport | MlmEvaluationReport;

/** What pre-training leaves behind. */
export interface PretrainResult {
  /** `stopped` where the signal ended the run: there is a checkpoint to go on from. */
  readonly outcome: 'finished' | 'stopped';
  /** Folder that `weights` of a text tower names. */
  readonly modelDir: string;
  /** Held-out loss after the last step, nats; undefined for a stopped run. */
  readonly loss: number | undefined;
}

/** How pre-training is steered. */
export interface PretrainOptions {
  /** Ends the run after the step under way, with a checkpoint. */
  readonly signal?: AbortSignal;
  /** What to do where a run of this name has begun: refuse, go on from its last checkpoint, or start over. */
  readonly existing?: 'refuse' | 'resume' | 'overwrite';
  /** Folder whose `node_modules` hold a binding of libtensorflow that was built on this machine. */
  readonly nativeFolder?: string | undefined;
}

/** Trains a BERT on text alone, by masked language modelling, and stores it for `weights` of a text tower.
 * @throws {InputError} if the configuration, the corpora or an earlier run of the name stand in the way.
 * @see Devlin et al. 2019, section 3.1 — https://arxiv.org/abs/1810.04805 */
export async function* pretrainText(
  input: PretrainConfigInput,
  { signal, existing = 'refuse', nativeFolder }: PretrainOptions = {},
): AsyncGenerator<PretrainReport, PretrainResult> {
  const config = parsePretrainConfig(input);
  const folder = mlmRunFolderOf(config);
  if (existing === 'refuse' && existsSync(folder.checkpoint)) {
    throw new InputError(
      `${folder.root}: a run of this name has begun; go on with --resume or start over with --overwrite`,
    );
  }
  const resumes = existing === 'resume' && existsSync(folder.checkpoint);
  const from = resumes ? await readMlmCheckpoint(folder.checkpoint, config) : undefined;
  if (!from) await clear(folder);
  const { backend, reason } = await useBackend(config.backend, { nativeFolder });
  yield { kind: 'note', message: `backend ${backend}: ${reason}` };
  const run = yield* prepareMlmRun(config);
  const runner = createStepRunner(createMlmStep(run.template, config), inOrder(run.initialState, from?.state));
  const evaluation = createComputation(createMlmEvaluation(run.template, config.tower));
  const log = await openRunRecord(folder, from?.step ?? 0, mlmScalars);
  try {
    const steps = trainSteps(run, { runner, evaluation }, from?.step ?? 0, signal);
    for (;;) {
      const next = await steps.next();
      if (next.done === true) return next.value;
      await log.append(next.value);
      yield next.value;
    }
  } finally {
    runner.dispose();
    evaluation.dispose();
    await log.close();
    await run.dispose();
  }
}

/** Removes what an earlier run of the name has left, corpora that it had only begun to read included. */
async function clear({ pieces, tokenizer, checkpoint, metrics, events, model }: MlmRunFolder): Promise<void> {
  for (const path of [pieces, tokenizer, checkpoint, metrics, events, model])
    await rm(path, { recursive: true, force: true });
}

/** `stored`, or `initial` without it, in the order of `initial`: sums over all gradients round by the order of their terms. */
const inOrder = (initial: HostTensors, stored: HostTensors = initial): HostTensors =>
  Object.fromEntries(Object.entries(initial).map(([name, fresh]) => [name, stored[name] ?? fresh]));

async function* trainSteps(
  run: MlmRun,
  { runner, evaluation }: { readonly runner: StepRunner; readonly evaluation: Computation },
  begin: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<MlmStepReport | MlmEvaluationReport, PretrainResult> {
  const { config, folder } = run;
  const { steps } = config.train;
  let loss: number | undefined;
  for (let done = begin; done < steps;) {
    yield await trainStep(run, runner, done);
    done += 1;
    const due = done % config.evaluation.everySteps === 0 || done === steps;
    if (due) {
      loss = await heldOutLoss(run, runner, evaluation);
      yield { kind: 'evaluation', step: done, loss };
    }
    const stopped = signal?.aborted === true;
    if (stopped || due)
      await writeMlmCheckpoint(folder.checkpoint, { step: done, state: await runner.readState() }, config);
    if (stopped && done < steps) return { outcome: 'stopped', modelDir: folder.model, loss: undefined };
  }
  loss ??= await heldOutLoss(run, runner, evaluation);
  await writeTextModel(folder.model, config.tower, withoutPrefix(await runner.readState(), 'params.'), run.tokenizer);
  return { outcome: 'finished', modelDir: folder.model, loss };
}

/** The numbers of a report by TensorBoard's tags. */
function mlmScalars(report: MlmStepReport | MlmEvaluationReport): Record<string, number> {
  if (report.kind === 'evaluation') return { 'held-out/loss': report.loss };
  const { loss, chanceLoss, gradientNorm, learningRate, stepMs } = report;
  const values = { loss, 'chance-loss': chanceLoss, 'gradient-norm': gradientNorm, 'learning-rate': learningRate };
  return Object.fromEntries(
    Object.entries({ ...values, 'step-ms': stepMs }).map(([name, value]) => [`masked-language/${name}`, value]),
  );
}

async function trainStep(run: MlmRun, runner: StepRunner, done: number): Promise<MlmStepReport> {
  const { steps, learningRate: peak, warmupSteps } = run.config.train;
  const began = performance.now();
  const learningRate = warmupCosine(done, { peak, warmupSteps, totalSteps: steps });
  const batch = await trainMlmBatch(run.batches, run.split, done);
  const inputs = { ...batch, learningRate: hostScalar(learningRate), step: hostScalar(done + 1) };
  const { loss, gradientNorm } = await runner.run(inputs, mixSeed(run.config.seed, done));
  const report: MlmStepReport = {
    kind: 'step',
    step: done + 1,
    totalSteps: steps,
    loss: valueOf(loss),
    chanceLoss: Math.log(run.tokenizer.vocabSize),
    gradientNorm: valueOf(gradientNorm),
    learningRate,
    stepMs: performance.now() - began,
  };
  if (!Number.isFinite(report.loss)) throw new DivergedError(report.step, 'loss', report.loss);
  return report;
}

async function heldOutLoss(run: MlmRun, runner: StepRunner, evaluation: Computation): Promise<number> {
  const { batches: most } = run.config.evaluation;
  const count = Math.min(most, Math.ceil(run.split.heldOut / run.config.train.batchSize));
  const params = withoutPrefix(await runner.readState(), 'params.');
  let sum = 0;
  for (let i = 0; i < count; i += 1) {
    const { loss } = await evaluation.run({ ...params, ...(await heldOutMlmBatch(run.batches, run.split, i)) });
    sum += valueOf(loss);
  }
  return sum / count;
}

const valueOf = (tensor: HostTensors[string] | undefined): number => tensor?.data[0] ?? NaN;
