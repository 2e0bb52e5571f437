import { InputError } from '@azclip/base';
import { bertConfig, corpusConfig } from '@azclip/encoder-text';
import { backendNames } from '@azclip/nn';
import { z } from 'zod';

const rate = z.number().min(0).lt(1);

/** Everything that decides the pre-training of a text tower: one YAML file, checked as a whole. */
export const pretrainConfig = z.strictObject({
  /** Name of the run; its folder is `<output>/<name>`. */
  name: z.string().regex(/^[\w.-]+$/u, 'expected letters, digits, "-", "_" and "." only'),
  /** Folder of all runs. */
  output: z.string().min(1).default('runs'),
  /** BCP 47 tag of the corpora's language. */
  language: z.string().min(2).default('az'),
  seed: z.int().default(1),
  backend: z.enum(['auto', ...backendNames]).default('auto'),
  /** What is read, in this order. */
  corpora: z.array(corpusConfig).min(1),
  tokenizer: z
    .strictObject({
      /** A `tokenizer.json` or `vocab.txt`; without it WordPiece is learned from the corpora. */
      file: z.string().min(1).optional(),
      /** Pieces of a learned vocabulary, at most. */
      vocabularySize: z.int().min(64).default(16_000),
      lowercase: z.boolean().default(true),
    })
    .prefault({}),
  tower: bertConfig,
  masking: z
    .strictObject({
      rate: z.number().gt(0).lt(1).default(0.15),
      /** Whether the pieces of a word are hidden together. */
      wholeWord: z.boolean().default(false),
    })
    .prefault({}),
  train: z
    .strictObject({
      steps: z.int().positive().default(10_000),
      batchSize: z.int().positive().default(64),
      /** Peak of the warm-up, start of the cosine. */
      learningRate: z.number().positive().default(5e-4),
      weightDecay: z.number().min(0).default(0.01),
      beta1: rate.default(0.9),
      beta2: rate.default(0.98),
      warmupSteps: z.int().min(0).default(500),
      gradientClip: z.number().positive().default(1),
    })
    .prefault({}),
  evaluation: z
    .strictObject({
      /** Steps between two measurements on the held-out end of the corpora; a checkpoint is written with each. */
      everySteps: z.int().positive().default(500),
      /** Share of the corpora that is held out. */
      share: z.number().gt(0).lt(0.5).default(0.01),
      /** Most batches measured. */
      batches: z.int().positive().default(8),
    })
    .prefault({}),
  /** Where downloaded weights are kept, and whether the hub is asked. */
  hub: z
    .strictObject({ cacheDir: z.string().min(1).default('runs/hub'), offline: z.boolean().default(false) })
    .prefault({}),
});

/** A checked pre-training configuration, defaults filled in. */
export type PretrainConfig = z.output<typeof pretrainConfig>;

/** What a configuration file may leave out. */
export type PretrainConfigInput = z.input<typeof pretrainConfig>;

/** Checks a pre-training configuration and fills its defaults in.
 * @param source - named in messages, such as the file it was read from.
 * @throws {InputError} naming the first key that is wrong. */
export function parsePretrainConfig(value: unknown, source = 'pre-training config'): PretrainConfig {
  const parsed = pretrainConfig.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InputError(`${source}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`);
}
