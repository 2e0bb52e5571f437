import { z } from 'zod';

const channels = z.tuple([z.number(), z.number(), z.number()]);
const digest = z.string().regex(/^[0-9a-f]{64}$/u, 'expected a sha256 in hex');

/** How pixels are made before the image tower sees them: the same keys as `ImagePreprocessing` of `@azclip/data`. */
const preprocessing = z.strictObject({
  size: z.int().positive(),
  resize: z.int().positive(),
  fit: z.enum(['crop', 'squash']),
  interpolation: z.enum(['bilinear', 'bicubic']),
  mean: channels,
  std: channels,
});

/** @see FittedRelevance */
const relevanceCurve = z.strictObject({
  offset: z.number(),
  perScore: z.number(),
  perSize: z.number(),
  missed: z.number(),
  falseAlarms: z.number(),
});

/** Smaller forms of the towers: weights in 8 or 16 bits. */
export const modelVariants = ['int8', 'fp16'] as const;

/** One of {@link modelVariants}. */
export type ModelVariant = (typeof modelVariants)[number];

/** A variant's own files, and what they cost. */
const variant = z.strictObject({
  /** sha256 of `image.<variant>.onnx` and `text.<variant>.onnx`; a tower without one is that of the model itself. */
  digests: z.strictObject({ 'image.onnx': digest.optional(), 'text.onnx': digest.optional() }),
  /** Recall of model and variant on one set, e.g. under `text-to-image/recall@1`; absent where none was at hand. */
  recall: z.record(z.string(), z.strictObject({ float32: z.number(), variant: z.number() })).optional(),
  /** The set that recall was measured on. */
  set: z.string().optional(),
});

/** `config.json` of a model folder: what a reader must know to feed `image.onnx` and `text.onnx`. */
export const modelConfig = z.strictObject({
  /** Layout of the folder; this is the first. */
  version: z.literal(1),
  /** Name of the image tower, for people. */
  imageTower: z.string().min(1),
  /** Name of the text tower, for people. */
  textTower: z.string().min(1),
  /** Numbers in a feature row. */
  embedDim: z.int().positive(),
  /** Most tokens of a text, the special ones included. */
  contextLength: z.int().positive(),
  preprocessing,
  /** BCP 47 tag of the captions' language; casing follows its rules. */
  language: z.string().min(2),
  /** Whether texts were lowercased before the tokenizer. */
  lowercase: z.boolean(),
  /** 1 / temperature: cosine × logitScale is a logit. */
  logitScale: z.number().positive(),
  /** sha256 of each file that decides what a feature is. */
  digests: z.strictObject({ 'image.onnx': digest, 'text.onnx': digest, 'tokenizer.json': digest }),
  /** One name for all of the above: an index made by another fingerprint is not comparable. */
  fingerprint: digest,
  /** Scores of the training run, e.g. `test/text-to-image/recall@1`. */
  scores: z.record(z.string(), z.number()).optional(),
  /** What the scores of a part and direction, e.g. `test/text-to-image`, were measured on. */
  protocols: z.record(z.string(), z.string()).optional(),
  /** When a query has found something, learned on dev; absent where that cannot be told. */
  relevance: relevanceCurve.optional(),
  /** Smaller forms of the towers, by name; their features stand in for the model's, so the fingerprint is the same. */
  variants: z.partialRecord(z.enum(modelVariants), variant).optional(),
});

/** @see modelConfig */
export type ModelConfig = z.infer<typeof modelConfig>;
