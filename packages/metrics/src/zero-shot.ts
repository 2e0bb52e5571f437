import { Matrix } from 'ml-matrix';

import { meanOf } from './aggregate.ts';
import { checkCutoffs } from './cutoff.ts';
import { LengthError, UnknownIdError } from './errors.ts';
import { hitAtK } from './measures/hit.ts';
import { rankPositives } from './rank-positives.ts';
import type { Ranking } from './ranking.ts';
import { countRows, type ScoreChunk, scoresOfFeatures } from './score-rows.ts';

/** Makes one unit row a class from the unit rows of its prompts: their mean, scaled to length 1 (prompt ensembling).
 * @param promptFeatures - [prompts, dim].  @param classOfPrompt - class of each prompt, [prompts].
 * @returns [classes, dim].  @throws {LengthError | UnknownIdError}
 * @see Radford et al. 2021, section 3.1.4 — https://arxiv.org/abs/2103.00020 */
export function classFeatures(
  promptFeatures: Float32Array,
  classOfPrompt: ArrayLike<number>,
  classes: number,
  dim: number,
): Float32Array {
  const prompts = countRows(promptFeatures, dim, 'prompt features');
  if (classOfPrompt.length !== prompts) {
    throw new LengthError(`classOfPrompt: expected ${String(prompts)} entries, got ${String(classOfPrompt.length)}`);
  }
  const sums = Matrix.zeros(classes, dim);
  for (let prompt = 0; prompt < prompts; prompt += 1) {
    const row = classOfPrompt[prompt] ?? NaN;
    if (!(Number.isInteger(row) && row >= 0 && row < classes)) {
      throw new UnknownIdError(`classOfPrompt[${String(prompt)}]: expected a class, got ${String(row)}`);
    }
    const features = Array.from(promptFeatures.subarray(prompt * dim, (prompt + 1) * dim));
    sums.setRow(row, Matrix.add(sums.getRowVector(row), Matrix.rowVector(features)));
  }
  const lengths = sums.to2DArray().map((row) => Math.hypot(...row));
  const empty = lengths.findIndex((length) => length === 0);
  if (empty >= 0) throw new LengthError(`class ${String(empty)}: expected prompts, got none`);
  return Float32Array.from(sums.divColumnVector(lengths).to1DArray());
}

/** Images and the class each belongs to. */
export interface ZeroShotFeatures {
  /** [images, dim], unit rows. */
  readonly imageFeatures: Float32Array;
  /** [classes, dim], unit rows; see `classFeatures`. */
  readonly classFeatures: Float32Array;
  /** Length of a row. */
  readonly dim: number;
  /** Class of each image, [images]. */
  readonly labels: ArrayLike<number>;
  /** The engine of the scores; absent: plain TypeScript. */
  readonly scoreChunk?: ScoreChunk;
}

/** Share of images whose class is among the best k. */
export interface ZeroShotScores {
  /** By k. */
  readonly accuracyAt: Readonly<Record<number, number>>;
  /** Number of images. */
  readonly images: number;
  /** Number of classes to choose from. */
  readonly classes: number;
  /** Rank of the class of each image. */
  readonly rankings: readonly Ranking[];
}

/** Classifies images by the class text that scores highest; ties count against the model (see `rankPositives`).
 * @param cutoffs - absent: those of 1 and 5 that the classes hold.
 * @throws {LengthError | UnknownIdError | EmptyGalleryError | ScoreError | CutoffError} */
export async function zeroShotScores(features: ZeroShotFeatures, cutoffs?: readonly number[]): Promise<ZeroShotScores> {
  const { imageFeatures, dim, labels, scoreChunk } = features;
  const rows = scoresOfFeatures(imageFeatures, features.classFeatures, dim, scoreChunk);
  const rankings = await rankPositives(
    rows,
    Array.from(labels, (label) => [label]),
  );
  const chosen = cutoffs ?? [1, 5].filter((k) => k <= rows.gallery);
  checkCutoffs(chosen, rows.gallery);
  const accuracyAt = Object.fromEntries(chosen.map((k) => [k, meanOf(rankings, (ranking) => hitAtK(ranking, k))]));
  return { accuracyAt, images: rows.queries, classes: rows.gallery, rankings };
}
