import { InputError } from '@azclip/base';
import { augmentationConfig, dataConfig } from '@azclip/data';
import { captionPoolingConfig, textTowerConfig } from '@azclip/encoder-text';
import { imageTowerConfig } from '@azclip/encoders-image';
import { lossConfig } from '@azclip/loss';
import { backendNames, loraConfig, projectionConfig } from '@azclip/nn';
import { z } from 'zod';

import { distillationSection } from './distillation/config.ts';

const rate = z.number().min(0).lt(1);

/** Where the pieces of the captions come from. */
export const tokenizerConfig = z.strictObject({
  /** A `tokenizer.json` or `vocab.txt`, trimmed to the pieces of the training captions; without it WordPiece is learned. */
  file: z.string().min(1).optional(),
  /** Pieces of a learned vocabulary, at most. */
  vocabularySize: z.int().min(64).default(8000),
  lowercase: z.boolean().default(true),
});

/** How long and how fast the towers learn. */
const scheduleConfig = z.strictObject({
  batchSize: z.int().min(2).default(256),
  /** Rows that pass through the towers at once; the loss still sees the whole batch (GradCache). Divides batchSize. */
  microBatch: z.int().positive().optional(),
  /** Batches of one optimizer step, which goes by the mean of their gradients; each has a loss of its own. */
  accumulate: z.int().positive().default(1),
  epochs: z.int().positive().default(32),
  /** Ends the run after this many steps, whatever `epochs` says; the schedule knows of it. */
  maxSteps: z.int().positive().optional(),
  /** Peak of the warm-up, start of the cosine. */
  learningRate: z.number().positive().default(1e-3),
  /** Decoupled decay of matrices; biases, norms and the temperature do not decay. */
  weightDecay: z.number().min(0).default(0.1),
  beta1: rate.default(0.9),
  beta2: rate.default(0.98),
  /** Factor of the learning rate from one layer of a tower to the one below it; 1 for none. */
  layerDecay: z.number().gt(0).max(1).default(1),
  /** What a moving average of the parameters keeps of itself a step; with it, the average is scored and exported. */
  averageDecay: rate.optional(),
  /** Steps over which the learning rate rises from 0. */
  warmupSteps: z.int().min(0).default(100),
  /** Largest norm of all gradients together. */
  gradientClip: z.number().positive().default(1),
  /** A checkpoint is written at the end of each epoch and, within an epoch, after so many steps since the last. */
  checkpointEverySteps: z.int().positive().optional(),
  /** Likewise after so many minutes. */
  checkpointEveryMinutes: z.number().positive().default(10),
});

/** A checked `train` section. */
export type ScheduleConfig = z.output<typeof scheduleConfig>;

/** When the dev part is scored, and which score names the best checkpoint. */
const evaluationConfig = z.strictObject({
  /** Epochs between two scorings of dev. */
  everyEpochs: z.int().positive().default(4),
  /** Images and captions embedded at once. */
  batchSize: z.int().positive().default(250),
  /** Whether the test part is scored once, after the last epoch, with the best checkpoint. */
  test: z.boolean().default(false),
});

/** What a run is charged with. */
const costConfig = z.strictObject({
  /** Power of one busy core, W: the energy is estimated by it where the machine does not measure its own. */
  wattsPerCore: z.number().positive().default(15),
  pricePerKilowattHour: z.number().min(0).optional(),
  /** Rent of the machine. */
  pricePerHour: z.number().min(0).optional(),
  currency: z.string().min(1).default('EUR'),
});

/** Everything that decides a training run: one YAML file, checked as a whole; an unknown key is an error. */
export const fitConfig = z
  .strictObject({
    /** Name of the run; its folder is `<output>/<name>`. */
    name: z.string().regex(/^[\w.-]+$/u, 'expected letters, digits, "-", "_" and "." only'),
    /** Folder of all runs. */
    output: z.string().min(1).default('runs'),
    /** BCP 47 tag of the captions' language. */
    language: z.string().min(2).default('az'),
    seed: z.int().default(1),
    /** What tensor work runs on. */
    backend: z.enum(['auto', ...backendNames]).default('auto'),
    /** How exact the factors of matrix products are: `bf16` keeps 8 bits of their mantissa. On `tensorflow` alone, where the process
     * must have set oneDNN to it before the library loads, as the trainer does. */
    precision: z.enum(['fp32', 'bf16']).default('fp32'),
    data: dataConfig,
    image: z.strictObject({
      tower: imageTowerConfig,
      /** Low-rank adapters: with it nothing else of the tower learns. */
      lora: loraConfig.optional(),
      /** Steps that change the training images: anew each epoch where the tower learns, else in `views`. */
      augmentation: augmentationConfig.default([]),
      /** Augmented views of each training image whose features a frozen tower keeps; the epochs take the image itself and
       * its views in turn. */
      views: z.int().min(0).default(0),
      /** Dropout of the image features before their projection. */
      dropout: rate.default(0),
      /** Scales each feature of a frozen tower by its mean and deviation over the training images. */
      standardize: z.boolean().default(false),
    }),
    text: z.strictObject({
      tokenizer: tokenizerConfig.prefault({}),
      tower: textTowerConfig,
      /** Low-rank adapters: with it nothing else of the tower learns. */
      lora: loraConfig.optional(),
      /** Several captions of an image as one text while training: hierarchical attention. */
      captions: captionPoolingConfig.prefault({}),
      /** Dropout of the caption features before their projection. */
      dropout: rate.default(0),
    }),
    /** From the features of either tower to the shared space. */
    projection: projectionConfig.prefault({ head: 'linear' }),
    loss: lossConfig.prefault({ name: 'clip' }),
    /** A phase before the contrastive one, in which the text tower learns from a teacher. */
    distillation: distillationSection.optional(),
    train: scheduleConfig.prefault({}),
    evaluation: evaluationConfig.prefault({}),
    /** Where weights named by a hub id are kept, and whether only that folder is asked. */
    hub: z
      .strictObject({ cacheDir: z.string().min(1).default('.cache/hub'), offline: z.boolean().default(false) })
      .prefault({}),
    /** What energy and time are worth, for the report of the run. */
    cost: costConfig.prefault({}),
    /** Folder of cached features of frozen towers, shared by all runs; by default `<output>/features`. */
    featureCache: z.string().min(1).optional(),
    /** Folder of images copied out of Parquet files and of tars fetched over HTTP, shared by all runs; by default `<output>/images`. */
    imageCache: z.string().min(1).optional(),
  })
  .refine(({ backend, precision }) => precision === 'fp32' || backend === 'tensorflow', {
    path: ['precision'],
    error: 'expected fp32, or backend: tensorflow, which alone computes in bf16',
  });

/** A checked run configuration, defaults filled in. */
export type FitConfig = z.output<typeof fitConfig>;

/** A run configuration as a person writes it: what has a default may be left out. */
export type FitConfigInput = z.input<typeof fitConfig>;

/** Checks a configuration as a person wrote it.
 * @param source - name of the file, for the message.
 * @throws {InputError} that names the file, the key, what was expected and what came. */
export function parseFitConfig(value: unknown, source = 'config'): FitConfig {
  const parsed = fitConfig.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || '(top level)'}: ${message}`);
  const more = problems.length > 3 ? ` (and ${String(problems.length - 3)} more)` : '';
  throw new InputError(`${source}: ${problems.slice(0, 3).join('; ')}${more}`);
}
