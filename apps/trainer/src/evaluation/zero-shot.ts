import { dirname, join } from 'node:path';

import { createRandom, InputError, readLines } from '@azclip/base';
import {
  bootstrap,
  classFeatures,
  fillPrompt,
  hitAtK,
  type ImageNetClasses,
  type Interval,
  meanStatistic,
  readImageNetClasses,
  readPrompts,
  type ScoreChunk,
  valuesOf,
  zeroShotScores,
} from '@azclip/metrics';

import type { EvaluationConfig, ZeroShotConfig } from './config.ts';
import { type Embedder, imagesAsPairs } from './embedder.ts';

/** Zero-shot classification of one set of images by one model. */
export interface ZeroShotEvaluation {
  readonly set: string;
  readonly language: string;
  /** Images classified. */
  readonly images: number;
  /** Classes to choose from: those that have a name in the language. */
  readonly classes: number;
  readonly prompts: number;
  /** Images left out because their class has no name in the language. */
  readonly withoutName: number;
  /** Share of images whose class scores highest. */
  readonly top1: Interval;
  /** Share of images whose class is among the five highest. */
  readonly top5: Interval;
}

/** Classifies images by the names of their classes in the prompts of a language.
 * @throws {InputError} naming the file and line that is wrong. */
export async function evaluateZeroShot(
  embedder: Embedder,
  config: ZeroShotConfig,
  { seed, resamples }: Pick<EvaluationConfig, 'seed' | 'resamples'>,
  tools: { readonly scoreChunk?: ScoreChunk } = {},
): Promise<ZeroShotEvaluation> {
  const classes = await readImageNetClasses(config.classes, config.language);
  const prompts = await readPrompts(config.prompts, config.language);
  const { images, withoutName } = await readLabels(config.images, classes);
  const sources = imagesAsPairs(images.map(({ path }) => ({ path })));
  const { images: imageFeatures } = await embedder.embedImages(sources, 'fail');
  const { rankings } = await zeroShotScores(
    {
      imageFeatures,
      classFeatures: await embedClasses(embedder, classes, prompts),
      dim: embedder.dim,
      labels: images.map(({ label }) => label),
      ...tools,
    },
    [1],
  );
  const share = (k: number) => meanStatistic(valuesOf(rankings, (ranking) => hitAtK(ranking, k)));
  const shares = bootstrap({ top1: share(1), top5: share(5) }, images.length, createRandom(seed), { resamples });
  const counts = { images: images.length, classes: classes.names.length, prompts: prompts.length, withoutName };
  return { set: config.name, language: config.language, ...counts, ...shares };
}

async function embedClasses(
  embedder: Embedder,
  { names }: ImageNetClasses,
  prompts: readonly string[],
): Promise<Float32Array> {
  const texts = names.flatMap((name) => prompts.map((prompt) => fillPrompt(prompt, name)));
  const classOfPrompt = texts.map((_, i) => Math.floor(i / prompts.length));
  return classFeatures(await embedder.embedTexts(texts), classOfPrompt, names.length, embedder.dim);
}

interface LabelledImage {
  readonly path: string;
  /** Row of the class. */
  readonly label: number;
}

/** Reads lines `image<tab>class`, paths relative to the file; a class without a name in the language is left out. */
async function readLabels(
  path: string,
  { classIds }: ImageNetClasses,
): Promise<{ images: LabelledImage[]; withoutName: number }> {
  const rows = new Map(classIds.map((id, row) => [id, row]));
  const images: LabelledImage[] = [];
  let withoutName = 0;
  for await (const { text, number } of readLines(path)) {
    if (text.trim() === '') continue;
    const [image = '', id = ''] = text.split('\t');
    if (!/^\d{1,3}$/u.test(id.trim())) {
      const got = JSON.stringify(text);
      throw new InputError(`${path}:${String(number)}: expected image<tab>class from 0 to 999, got ${got}`);
    }
    const label = rows.get(Number(id));
    if (label === undefined) withoutName += 1;
    else images.push({ path: join(dirname(path), image), label });
  }
  if (images.length > 0) return { images, withoutName };
  throw new InputError(`${path}: expected images of classes that have a name, got none`);
}
