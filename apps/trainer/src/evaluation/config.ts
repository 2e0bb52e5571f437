import { dataConfig } from '@azclip/data';
import { z } from 'zod';

const name = z.string().min(1);

/** A model to evaluate. */
const evaluatedModel = z.strictObject({
  name,
  /** Model folder, as `trainer:fit` writes it. */
  folder: z.string().min(1),
  /** Domain that the model was trained on: sets of this domain count as in-domain, all others as out of it. */
  trainedOn: z.string().min(1).optional(),
});

/** A data set to evaluate on. */
const evaluatedSet = z.strictObject({
  name,
  /** Language of its captions, for the report. */
  language: z.string().min(2),
  /** For `trainedOn` of the models; absent: the name. */
  domain: z.string().min(1).optional(),
  /** Part that is scored. A test part is scored once, at the end; never choose by it. */
  split: z.enum(['train', 'dev', 'test']).default('dev'),
  data: dataConfig,
});

/** Flickr8k's grades of image–caption pairs by people, to see whether scores agree with them. */
const judgementsConfig = z.strictObject({
  /** Folder of the images. */
  images: z.string().min(1),
  /** Captions as lines `name.jpg#0<tab>caption`, in the language of the models. */
  captions: z.string().min(1),
  /** `ExpertAnnotations.txt` */
  expert: z.string().min(1).optional(),
  /** `CrowdFlowerAnnotations.txt` */
  crowdFlower: z.string().min(1).optional(),
});

/** Images to classify without having learned their classes. */
const zeroShotConfig = z.strictObject({
  name,
  language: z.string().min(2),
  /** Lines `image<tab>class`: a path relative to this file, and a class of ImageNet from 0 to 999. */
  images: z.string().min(1),
  /** `babel_imagenet.json` of Babel-ImageNet: names of the classes. */
  classes: z.string().min(1),
  /** Its prompts, such as `nllb_dist13b_prompts.json`. */
  prompts: z.string().min(1),
});

const distinct = (items: readonly { readonly name: string }[]): boolean =>
  new Set(items.map((item) => item.name)).size === items.length;

/** Models × data sets: what `trainer evaluate` reads from one YAML file. */
export const evaluationConfig = z.strictObject({
  /** Name of the report. */
  name: z.string().regex(/^[\w.-]+$/u, 'expected letters, digits, "-", "_" and "." only'),
  /** Folder of the report. */
  output: z.string().min(1),
  models: z.array(evaluatedModel).min(1).refine(distinct, 'expected different names'),
  sets: z.array(evaluatedSet).min(1).refine(distinct, 'expected different names'),
  judgements: judgementsConfig.optional(),
  zeroShot: z.array(zeroShotConfig).default([]),
  /** Seed of the bootstrap and of the paired tests. */
  seed: z.int().default(1),
  /** Samples of the bootstrap. */
  resamples: z.int().min(100).default(1000),
  /** Worst queries shown, a model and set. */
  failures: z.int().min(0).default(12),
});

/** A checked evaluation. */
export type EvaluationConfig = z.output<typeof evaluationConfig>;

/** A model to evaluate. */
export type EvaluatedModel = EvaluationConfig['models'][number];

/** A data set to evaluate on. */
export type EvaluatedSet = EvaluationConfig['sets'][number];

/** Grades by people. */
export type JudgementsConfig = z.output<typeof judgementsConfig>;

/** Images to classify. */
export type ZeroShotConfig = z.output<typeof zeroShotConfig>;
