import { createRandom, InputError } from '@azclip/base';
import { type OnIssue, type Pair, readPairs } from '@azclip/data';
import {
  bootstrap,
  hitAtK,
  type Interval,
  meanStatistic,
  type Ranking,
  reciprocalRank,
  retrievalRankings,
  type RetrievalRankings,
  type ScoreCard,
  scoreCard,
  type ScoreChunk,
  splitFingerprint,
  valuesOf,
} from '@azclip/metrics';

import type { EvaluatedSet, EvaluationConfig } from './config.ts';
import type { Embedder } from './embedder.ts';
import { type EmbeddedSet, type Failure, worstQueries } from './failures.ts';

/** R@k at one k. */
export interface CurvePoint {
  readonly k: number;
  readonly textToImage: Interval;
  readonly imageToText: Interval;
}

/** Scores of one model on one set. */
export interface SetEvaluation {
  readonly textToImage: ScoreCard;
  readonly imageToText: ScoreCard;
  readonly curve: readonly CurvePoint[];
  readonly failures: readonly Failure[];
  /** The pairs scored, in the order of the gallery. */
  readonly pairs: readonly Pair[];
  /** Reciprocal rank of each caption, for paired tests. */
  readonly reciprocalRanks: Float64Array;
  /** Row of the image of each caption. */
  readonly imageOfText: Int32Array;
}

/** What the scoring of a set works with. */
export interface EvaluationTools {
  readonly scoreChunk?: ScoreChunk;
  readonly onIssue?: OnIssue;
  /** Folder of images copied out of Parquet files and of tars fetched over HTTP. */
  readonly imageCache?: string | undefined;
  /** Sees the pairs before anything is computed. */
  readonly check?: (pairs: readonly Pair[]) => Promise<void>;
}

/** Scores a model on one set.
 * @throws {InputError} naming the item of the set that is wrong. */
export async function evaluateSet(
  embedder: Embedder,
  set: EvaluatedSet,
  config: Pick<EvaluationConfig, 'seed' | 'resamples' | 'failures'>,
  tools: EvaluationTools = {},
): Promise<SetEvaluation> {
  const embedded = await embedSet(embedder, set, tools);
  const rankings = await retrievalRankings({ ...embedded, ...tools });
  const split = splitFingerprint(embedded.pairs);
  const options = { split, resamples: config.resamples };
  const textToImage = scoreCard(rankings.textToImage, {
    ...options,
    direction: 'text→image',
    groups: Array.from(embedded.imageOfText),
    random: createRandom(config.seed),
  });
  const imageToText = scoreCard(rankings.imageToText, {
    ...options,
    direction: 'image→text',
    random: createRandom(config.seed),
  });
  return {
    textToImage,
    imageToText,
    curve: recallCurve(rankings, embedded.imageOfText, config),
    failures: worstQueries(embedded, rankings.textToImage, config.failures),
    pairs: embedded.pairs,
    reciprocalRanks: valuesOf(rankings.textToImage, reciprocalRank),
    imageOfText: embedded.imageOfText,
  };
}

async function embedSet(
  embedder: Embedder,
  set: EvaluatedSet,
  { onIssue, imageCache, check }: EvaluationTools,
): Promise<EmbeddedSet> {
  const all: Pair[] = [];
  const options = { imageCache, ...(onIssue ? { onIssue } : {}) };
  for await (const pair of readPairs(set.data, set.split, options)) all.push(pair);
  if (all.length === 0) throw new InputError(`sets: ${set.name}: expected images in the part ${set.split}, got none`);
  await check?.(all);
  const { pairs, images } = await embedder.embedImages(all, set.data.onCorrupt, onIssue);
  const captions = pairs.flatMap((pair) => pair.captions);
  const imageOfText = Int32Array.from(pairs.flatMap((pair, image) => pair.captions.map(() => image)));
  const textFeatures = await embedder.embedTexts(captions);
  return { pairs, captions, imageOfText, imageFeatures: images, textFeatures, dim: embedder.dim };
}

const CURVE = [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100];

function recallCurve(
  rankings: RetrievalRankings,
  imageOfText: Int32Array,
  { seed, resamples }: Pick<EvaluationConfig, 'seed' | 'resamples'>,
): CurvePoint[] {
  const ks = CURVE.filter((k) => k <= Math.min(rankings.imageToText.length, rankings.textToImage.length));
  const curve = (list: readonly Ranking[], groups?: ArrayLike<number>): Record<string, Interval> => {
    const statistic = (k: number) => meanStatistic(valuesOf(list, (ranking) => hitAtK(ranking, k)));
    const statistics = Object.fromEntries(ks.map((k) => [String(k), statistic(k)]));
    return bootstrap(statistics, list.length, createRandom(seed), { resamples, ...(groups && { groups }) });
  };
  const texts = curve(rankings.textToImage, imageOfText);
  const images = curve(rankings.imageToText);
  return ks.map((k) => ({ k, textToImage: at(texts, k), imageToText: at(images, k) }));
}

function at(intervals: Readonly<Record<string, Interval>>, k: number): Interval {
  return intervals[String(k)] ?? { value: NaN, low: NaN, high: NaN };
}
