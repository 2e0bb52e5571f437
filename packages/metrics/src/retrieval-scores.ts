import { countWithoutPositives, meanOf, medianOf } from './aggregate.ts';
import { checkCutoffs } from './cutoff.ts';
import { EmptyGalleryError, LengthError, UnknownIdError } from './errors.ts';
import { averagePrecision } from './measures/average-precision.ts';
import { hitAtK } from './measures/hit.ts';
import { firstRank, reciprocalRank } from './measures/reciprocal-rank.ts';
import { rankPositives } from './rank-positives.ts';
import type { Ranking } from './ranking.ts';
import { countRows, type ScoreChunk, scoresOfFeatures, scoresOfArray, transpose } from './score-rows.ts';

/** Features of a set of images and of their captions. */
export interface RetrievalFeatures {
  /** [images, dim], unit rows. */
  readonly imageFeatures: Float32Array;
  /** [texts, dim], unit rows. */
  readonly textFeatures: Float32Array;
  /** Length of a row. */
  readonly dim: number;
  /** Row of the image that each text describes, [texts]; an image may have any number of texts. */
  readonly imageOfText: ArrayLike<number>;
  /** The engine of the scores; absent: plain TypeScript. */
  readonly scoreChunk?: ScoreChunk;
}

/** The scores of one direction, means over the queries that have positives. */
export interface DirectionScores {
  /** Number of queries that were scored. */
  readonly queries: number;
  /** Queries left out because nothing in the gallery is right for them. */
  readonly withoutPositives: number;
  /** Number of items searched. */
  readonly gallery: number;
  /** R@k: share of queries with a positive among the first k, by k. */
  readonly recallAt: Readonly<Record<number, number>>;
  /** Mean reciprocal rank of the first positive. */
  readonly mrr: number;
  /** Mean average precision over the whole ranking. */
  readonly map: number;
  /** Median rank of the first positive, 1 is best. */
  readonly medianRank: number;
  /** Mean rank of the first positive. */
  readonly meanRank: number;
}

/** Both directions of retrieval. */
export interface RetrievalScores {
  /** A text is the query, its image the one positive. */
  readonly textToImage: DirectionScores;
  /** An image is the query, all its texts are positives. */
  readonly imageToText: DirectionScores;
}

/** The rankings behind both directions, one a query. */
export interface RetrievalRankings {
  /** [texts] */
  readonly textToImage: readonly Ranking[];
  /** [images] */
  readonly imageToText: readonly Ranking[];
}

const WHOLE_MATRIX = 2 ** 24; // scores kept so that both directions share them: 64 MiB

/** Scores retrieval in both directions by exact search; ties count against the model (see `rankPositives`).
 * @param cutoffs - the k of R@k; absent: those of 1, 5 and 10 that the gallery holds.
 * @throws {EmptyGalleryError | LengthError | UnknownIdError | ScoreError | CutoffError} */
export async function retrievalScores(
  features: RetrievalFeatures,
  cutoffs?: readonly number[],
): Promise<RetrievalScores> {
  const { textToImage, imageToText } = await retrievalRankings(features);
  return {
    textToImage: directionScores(textToImage, imageToText.length, cutoffs),
    imageToText: directionScores(imageToText, textToImage.length, cutoffs),
  };
}

/** Ranks the positives of every text and of every image.
 * @throws {EmptyGalleryError | LengthError | UnknownIdError | ScoreError} */
export async function retrievalRankings(features: RetrievalFeatures): Promise<RetrievalRankings> {
  const { imageFeatures, textFeatures, dim, imageOfText, scoreChunk } = features;
  const images = countRows(imageFeatures, dim, 'image features');
  const texts = countRows(textFeatures, dim, 'text features');
  if (images < 1 || texts < 1) {
    throw new EmptyGalleryError(`expected images and texts, got ${String(images)} and ${String(texts)}`);
  }
  const textsOfImage = groupTexts(imageOfText, images, texts);
  const imagesOfText = Array.from(imageOfText, (image) => [image]);
  let byText = scoresOfFeatures(textFeatures, imageFeatures, dim, scoreChunk);
  let byImage = scoresOfFeatures(imageFeatures, textFeatures, dim, scoreChunk);
  if (images * texts <= WHOLE_MATRIX) {
    const scores = await byText.read(0, texts);
    byText = scoresOfArray(scores, texts, images);
    byImage = scoresOfArray(transpose(scores, texts, images), images, texts);
  }
  return {
    textToImage: await rankPositives(byText, imagesOfText),
    imageToText: await rankPositives(byImage, textsOfImage),
  };
}

/** Lists the texts of each image. */
function groupTexts(imageOfText: ArrayLike<number>, images: number, texts: number): number[][] {
  if (imageOfText.length !== texts) {
    throw new LengthError(`imageOfText: expected ${String(texts)} entries, got ${String(imageOfText.length)}`);
  }
  const groups = Array.from({ length: images }, (): number[] => []);
  Array.from(imageOfText).forEach((image, text) => {
    const group = groups[image];
    if (group === undefined) {
      const expected = `an image from 0 to ${String(images - 1)}`;
      throw new UnknownIdError(`imageOfText[${String(text)}]: expected ${expected}, got ${String(image)}`);
    }
    group.push(text);
  });
  return groups;
}

function directionScores(rankings: readonly Ranking[], gallery: number, asked?: readonly number[]): DirectionScores {
  const cutoffs = asked ?? [1, 5, 10].filter((k) => k <= gallery);
  checkCutoffs(cutoffs, gallery);
  const withoutPositives = countWithoutPositives(rankings);
  return {
    queries: rankings.length - withoutPositives,
    withoutPositives,
    gallery,
    recallAt: Object.fromEntries(cutoffs.map((k) => [k, meanOf(rankings, (ranking) => hitAtK(ranking, k))])),
    mrr: meanOf(rankings, reciprocalRank),
    map: meanOf(rankings, averagePrecision),
    medianRank: medianOf(rankings, firstRank),
    meanRank: meanOf(rankings, firstRank),
  };
}
