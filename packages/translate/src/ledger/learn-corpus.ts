import { mixSeed } from '@azclip/base';

import { learnAlignment, type Alignment } from './alignment.ts';
import { learnLetters, type LettersModel } from './letters-model.ts';
import type { PreparedPair } from './prepared-pair.ts';
import { quantile, spreadOf, type Spread } from './quantiles.ts';

/** What a set tells about itself; each half of it is judged by what was learned from the other, so that no caption
 * vouches for itself. */
export interface Corpus {
  /** ln(characters of translation / of source). */
  readonly length: Spread;
  /** Absent below 100 model scores. */
  readonly modelScore?: Spread;
  /** How often each word occurs in the sources and in the translations. */
  readonly sourceCounts: ReadonlyMap<string, number>;
  readonly targetCounts: ReadonlyMap<string, number>;
  /** Both absent below `minimumPairs`. */
  readonly halves?: readonly [HalfModel, HalfModel];
}

/** What was learned from one half, measured on the other. */
export interface HalfModel {
  /** Sum of the likelihood ratios of both directions. */
  readonly meaning: (pair: PreparedPair) => number;
  readonly letters: LettersModel;
  /** Meaning of the pairs as they are (median), and of captions paired at random (median and 97 % quantile). */
  readonly pairedMedian: number;
  readonly randomMedian: number;
  readonly randomHigh: number;
  readonly spelling: Spread;
}

/** Fewer pairs than this say too little about words to judge meaning or spelling. */
export const minimumPairs = 400;

/** Of the logarithm: a tenth more or less is no sign of anything, however alike the rest of a small set is. */
const leastLengthDeviation = 0.1;

/** Which half a pair is in: equal sources are in one. */
export const halfOf = (source: string): 0 | 1 => (mixSeed(17, source) & 1) as 0 | 1;

/** Learns from the pairs of a set. */
export function learnCorpus(pairs: readonly PreparedPair[]): Corpus {
  const { median, deviation } = spreadOf(pairs.map(lengthRatio));
  const scores = pairs.flatMap(({ score }) => (score === undefined ? [] : [score]));
  const halves = [
    pairs.filter(({ source }) => halfOf(source) === 0),
    pairs.filter(({ source }) => halfOf(source) === 1),
  ];
  const [even = [], odd = []] = halves;
  return {
    length: { median, deviation: Math.max(deviation, leastLengthDeviation) },
    ...(scores.length < 100 ? {} : { modelScore: spreadOf(scores) }),
    sourceCounts: countWords(pairs.map(({ sourceWords }) => sourceWords)),
    targetCounts: countWords(pairs.map(({ targetWords }) => targetWords)),
    ...(pairs.length < minimumPairs ? {} : { halves: [learnHalf(odd, even), learnHalf(even, odd)] }),
  };
}

/** ln(characters of translation / of source). */
export const lengthRatio = ({ foldedSource, foldedTarget }: PreparedPair): number =>
  Math.log((foldedTarget.length + 1) / (foldedSource.length + 1));

function learnHalf(learnFrom: readonly PreparedPair[], measureOn: readonly PreparedPair[]): HalfModel {
  const there = learnAlignment(learnFrom.map(({ sourceWords, targetWords }) => [sourceWords, targetWords]));
  const back = learnAlignment(learnFrom.map(({ sourceWords, targetWords }) => [targetWords, sourceWords]));
  const letters = learnLetters(learnFrom.map(({ foldedTarget }) => foldedTarget));
  const meaning = meaningOf(there, back);
  const sample = measureOn.slice(0, 2000);
  const random = sample.map((pair, i) => {
    const other = sample[(i + Math.floor(sample.length / 2)) % sample.length] ?? pair;
    return meaning({ ...pair, targetWords: other.targetWords });
  });
  return {
    meaning,
    letters,
    pairedMedian: quantile(sample.map(meaning), 0.5),
    randomMedian: quantile(random, 0.5),
    randomHigh: quantile(random, 0.97),
    spelling: spreadOf(sample.map(({ foldedTarget }) => letters.score(foldedTarget))),
  };
}

const meaningOf =
  (there: Alignment, back: Alignment) =>
  ({ sourceWords, targetWords }: PreparedPair): number =>
    there.likelihoodRatio(sourceWords, targetWords) + back.likelihoodRatio(targetWords, sourceWords);

function countWords(texts: readonly (readonly string[])[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const words of texts) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
