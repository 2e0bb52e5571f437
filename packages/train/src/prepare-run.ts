import { createRandom, InputError } from '@azclip/base';
import { batchCount, type OnIssue, type Pair } from '@azclip/data';
import { createTextTower, trimmingReport, type TextTower } from '@azclip/encoder-text';
import type { Tokenizer } from '@azclip/encoder-text/tokenizer';
import { createImageTower, type ImageTower } from '@azclip/encoders-image';
import { flattenParams, type ParamTree } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import type { ImageInputs } from './batches/image-inputs.ts';
import { createTokenInputs, type TokenInputs } from './batches/token-inputs.ts';
import type { FitConfig } from './config.ts';
import { prepareDistillation, type PreparedDistillation } from './distillation/prepare-distillation.ts';
import { startFromTeacher } from './distillation/start-from-teacher.ts';
import { withImageWeights } from './model/load-image-weights.ts';
import { withTextWeights, type KeptVocabulary } from './model/load-text-weights.ts';
import { withLora } from './model/with-lora.ts';
import { withFeatureStatistics } from './model/feature-statistics.ts';
import { createDualEncoder, type DualEncoder, type DualEncoderParams } from './model/dual-encoder.ts';
import { prepareImageInputs } from './prepare-image-inputs.ts';
import type { Communicator } from './parallel/communicator.ts';
import type { FitReport } from './report.ts';
import { readParts, type Parts } from './read-parts.ts';
import { runFolderOf, type RunFolder } from './run/run-folder.ts';
import { downloadAll, type HostTensors } from './step/host-tensors.ts';
import { initialTrainState } from './step/train-state.ts';
import { prepareTokenizer } from './text/prepare-tokenizer.ts';

/** A run ready for its first step. */
export interface PreparedRun {
  readonly config: FitConfig;
  readonly folder: RunFolder;
  readonly tokenizer: Tokenizer;
  readonly model: DualEncoder;
  /** Parameters whose names and form every function of the run goes by; their values are those of the first step. */
  readonly template: DualEncoderParams;
  readonly initialState: HostTensors;
  readonly pairs: Parts;
  readonly images: ImageInputs;
  /** What the phase before the contrastive one learns from, where there is one. */
  readonly distillation: PreparedDistillation | undefined;
  readonly encode: (captions: readonly string[]) => TokenInputs;
  /** Those who train this model together, where this process is not alone. */
  readonly ranks?: Communicator | undefined;
  /** Frees the parameters and what the towers hold. */
  dispose(): void;
}

/** Reads the data, makes the tokenizer and the towers, computes the features of a frozen tower: all that comes before the
 * first step. A backend must be in use.
 * @throws {InputError} if the data, the tokenizer or the towers are not as the config says. */
export async function* prepareRun(config: FitConfig): AsyncGenerator<FitReport, PreparedRun> {
  const issues: FitReport[] = [];
  const onIssue: OnIssue = (issue) => issues.push({ kind: 'issue', issue });
  const read = await readParts(config, onIssue);
  yield* issues;
  checkSizes(config, read);
  const { tokenizer, vocabulary } = await prepareTokenizer(config, read.train);
  const imageTower = await imageTowerOf(config);
  checkAugmentation(config, imageTower);
  const textTower = textTowerOf(config, tokenizer.vocabSize);
  const model = createDualEncoder(imageTower, textTower, config);
  const { inputs: images, corrupt } = yield* prepareImageInputs(imageTower, read, config);
  const pairs = without(corrupt, read);
  checkSizes(config, pairs);
  const distillation = yield* prepareDistillation(config, pairs);
  const template = await firstParams(model, { config, vocabulary, images, train: pairs.train });
  if (vocabulary) yield trimmingNote(template.textTower, vocabulary);
  const state = tf.tidy(() => initialTrainState(model, template, config.train));
  return {
    config,
    folder: runFolderOf(config),
    tokenizer,
    model,
    template,
    initialState: await downloadAll(state),
    pairs,
    images,
    distillation,
    encode: createTokenInputs(tokenizer, textTower.contextLength),
    dispose: () => {
      tf.dispose([state, flattenParams(template as unknown as ParamTree)]);
      imageTower.dispose();
    },
  };
}

/** The image tower of a run, adapters in it. */
export async function imageTowerOf({ image, hub }: FitConfig): Promise<ImageTower> {
  const tower = await createImageTower(image.tower, { hub });
  return image.lora ? withLora(tower, image.lora) : tower;
}

function textTowerOf({ text }: FitConfig, vocabSize: number): TextTower {
  const tower = createTextTower(text.tower, vocabSize);
  return text.lora ? withLora(tower, text.lora) : tower;
}

/** Checks what only configuration and tower together can tell.
 * @throws {InputError} where the steps of augmentation and the number of views do not go with the tower. */
export function checkAugmentation({ image: { augmentation, views } }: FitConfig, { fingerprint }: ImageTower): void {
  const frozen = fingerprint !== undefined;
  if (views > 0 && !frozen)
    throw new InputError('image.views: expected 0 for a tower that learns, which sees each image anew every epoch');
  if (views > 0 && augmentation.length === 0)
    throw new InputError('image.views: expected steps in image.augmentation that make the views, got none');
  if (frozen && augmentation.length > 0 && views === 0)
    throw new InputError('image.views: expected at least 1 view for the augmentation of a frozen tower, got 0');
}

interface FirstParamsOptions {
  readonly config: FitConfig;
  readonly vocabulary: KeptVocabulary | undefined;
  readonly images: ImageInputs;
  readonly train: readonly Pair[];
}

/** The parameters before the first step: fresh by the seed, pretrained where the config names weights. */
async function firstParams(model: DualEncoder, options: FirstParamsOptions): Promise<DualEncoderParams> {
  const { config, vocabulary, images, train } = options;
  const fresh = model.init(createRandom(config.seed));
  const scaled = config.image.standardize ? await withFeatureStatistics(fresh, train, images) : fresh;
  const { hub, image, text, distillation } = config;
  const placed =
    distillation?.images === 'teacher'
      ? await startFromTeacher(scaled, distillation.teacher, model.imageTower.name)
      : scaled;
  return {
    ...placed,
    imageTower: await withImageWeights(placed.imageTower, model.imageTower, image.tower, hub),
    textTower: await withTextWeights(placed.textTower, text.tower, hub, vocabulary),
  };
}

/** What a trimmed vocabulary saves of the text tower, in words. */
function trimmingNote(textTower: ParamTree, { fullSize }: KeptVocabulary): FitReport {
  const shapes = Object.entries(flattenParams(textTower)).map(([name, { shape }]) => [name, shape] as const);
  const { pieces, parameters, saved } = trimmingReport(Object.fromEntries(shapes), fullSize);
  const count = (value: number): string => value.toLocaleString('en');
  const message =
    `vocabulary: ${count(pieces.before)} → ${count(pieces.after)} pieces; ` +
    `${count(saved)} parameters saved, ${count(parameters.after)} left`;
  return { kind: 'note', message };
}

const without = (corrupt: ReadonlySet<string>, { train, dev, test }: Parts): Parts => {
  const usable = (pairs: readonly Pair[]): readonly Pair[] => pairs.filter(({ imageId }) => !corrupt.has(imageId));
  return { train: usable(train), dev: usable(dev), test: usable(test) };
};

function checkAccumulate({ train: { batchSize, accumulate } }: FitConfig, images: number): void {
  const batches = batchCount(images, batchSize);
  if (accumulate <= batches) return;
  const counts = `the ${String(batches)} batches of an epoch, got ${String(accumulate)}`;
  throw new InputError(`train.accumulate: expected at most ${counts}`);
}

/** Checks what only data and configuration together can tell. */
function checkSizes(config: FitConfig, { train, dev }: Parts): void {
  const { batchSize, microBatch } = config.train;
  if (train.length < batchSize) {
    throw new InputError(
      `train.batchSize: expected at most the ${String(train.length)} training images, got ${String(batchSize)}`,
    );
  }
  if (microBatch !== undefined && batchSize % microBatch !== 0) {
    throw new InputError(
      `train.microBatch: expected a divisor of train.batchSize = ${String(batchSize)}, got ${String(microBatch)}`,
    );
  }
  checkAccumulate(config, train.length);
  if (dev.length === 0)
    throw new InputError('data: expected images in the dev part, which chooses the checkpoint, got none');
}
