import { dotRow } from '../store/exact/float-scan.ts';
import { fitLogistic } from './logistic.ts';
import { chanceGrowth, relevance, type RelevanceCurve } from './relevance.ts';

/** Features of known pairs and of queries that mean nothing. */
export interface RelevanceEvidence {
  /** [pairs, dim], unit rows. */
  readonly images: Float32Array;
  /** [pairs, dim], unit rows: row i is a caption of image i. */
  readonly captions: Float32Array;
  /** [any, dim], unit rows: queries that no image fits. */
  readonly nonsense: Float32Array;
  readonly dim: number;
}

/** A curve and how often it errs at ½, on the half of the evidence that a first fit did not see. */
export interface FittedRelevance extends RelevanceCurve {
  /** Share of captions said to fit nothing although their image was there. */
  readonly missed: number;
  /** Share of meaningless queries said to fit. */
  readonly falseAlarms: number;
}

/** Fewest pairs that a curve is learned from. */
const FEWEST = 40;

/** Largest mean of both errors: a judgement wrong more often than once in four is worse than none. */
const WORST = 1 / 4;

/** Galleries are made of these shares of the images, so that the curve learns how chance grows with their number. */
const SIZES = [1 / 8, 1 / 4, 1 / 2, 1];

interface Case {
  readonly score: number;
  readonly count: number;
  readonly label: 0 | 1;
}

/** Learns from known pairs which score tells a find from what chance brings up: a caption whose image is in the gallery
 * must pass, a query that means nothing must not.
 * @returns undefined where there are fewer than 40 pairs or meaningless queries, or the model's scores cannot tell. */
export function fitRelevance(evidence: RelevanceEvidence): FittedRelevance | undefined {
  const { images, nonsense, dim } = evidence;
  if (Math.min(images.length, nonsense.length) / dim < FEWEST) return undefined;
  const [seen, unseen] = [half(evidence, 0), half(evidence, 1)].map(casesOf) as [Case[], Case[]];
  const trial = curveOf(seen);
  const isFit = ({ score, count }: Case): boolean => relevance(score, count, trial) >= 0.5;
  const share = (label: 0 | 1): number => {
    const cases = unseen.filter((each) => each.label === label);
    return cases.filter(isFit).length / cases.length;
  };
  const [missed, falseAlarms] = [1 - share(1), share(0)];
  if ((missed + falseAlarms) / 2 > WORST) return undefined;
  return { ...curveOf(casesOf(evidence)), missed, falseAlarms };
}

function curveOf(cases: readonly Case[]): RelevanceCurve {
  const rows = cases.map(({ score, count }) => [score, chanceGrowth(count)]);
  const labels = cases.map(({ label }) => label);
  const [offset = 0, perScore = 0, perSize = 0] = fitLogistic(rows, labels);
  return { offset, perScore, perSize };
}

/** Every second row of each. */
function half({ images, captions, nonsense, dim }: RelevanceEvidence, parity: number): RelevanceEvidence {
  const take = (rows: Float32Array): Float32Array => rows.filter((_, i) => Math.floor(i / dim) % 2 === parity);
  return { images: take(images), captions: take(captions), nonsense: take(nonsense), dim };
}

/** Best scores of every query over galleries of each size: the images that follow its own, or its number, in a ring. */
function casesOf({ images, captions, nonsense, dim }: RelevanceEvidence): Case[] {
  const total = images.length / dim;
  const bestOf = (queries: Float32Array, row: number, count: number): number => {
    const query = queries.subarray(row * dim, (row + 1) * dim);
    let best = -Infinity;
    for (let i = row; i < row + count; i += 1) best = Math.max(best, dotRow(query, images, (i % total) * dim));
    return best;
  };
  return SIZES.flatMap((share) => {
    const count = Math.ceil(total * share);
    const cases = (queries: Float32Array, label: 0 | 1): Case[] =>
      Array.from({ length: queries.length / dim }, (_, i) => ({ score: bestOf(queries, i, count), count, label }));
    return [...cases(captions, 1), ...cases(nonsense, 0)];
  });
}
