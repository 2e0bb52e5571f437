import type { Random } from '@azclip/base';

import { numberGroups } from './groups.ts';

/** A score and the interval that holds it. */
export interface Interval {
  /** The score of the sample itself. */
  readonly value: number;
  /** Lower end. */
  readonly low: number;
  /** Upper end. */
  readonly high: number;
}

/** A score of queries of which query i counts `weights[i]` times. */
export type Statistic = (weights: Float64Array) => number;

/** How to resample. */
export interface BootstrapOptions {
  /** Group of each query; whole groups are drawn, so that captions of one image, which fail together, do not pass for
   * independent evidence. Absent: every query is its own. */
  readonly groups?: ArrayLike<number | string>;
  /** Samples to draw. */
  readonly resamples?: number;
  /** Share of the samples that the interval holds. */
  readonly level?: number;
}

/** Percentile bootstrap: the scores of samples drawn with replacement from the queries, whose middle `level` is the
 * interval. All statistics see the same samples.
 * @param queries - number of queries the statistics are made of.
 * @throws {LengthError} if there is not one group a query, or no query.
 * @see Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapter 13 */
export function bootstrap<Name extends string>(
  statistics: Readonly<Record<Name, Statistic>>,
  queries: number,
  random: Random,
  options: BootstrapOptions = {},
): Record<Name, Interval> {
  const { resamples = 1000, level = 0.95 } = options;
  const draw = sampler(queries, random, options.groups);
  const list = Object.entries<Statistic>(statistics).map(([name, statistic]) => {
    return { name, statistic, scores: new Float64Array(resamples) };
  });
  for (let sample = 0; sample < resamples; sample += 1) {
    const weights = draw();
    for (const { statistic, scores } of list) scores[sample] = statistic(weights);
  }
  const once = new Float64Array(queries).fill(1);
  const intervals = list.map(({ name, statistic, scores }) => {
    const sorted = scores.sort();
    const [low, high] = [quantile(sorted, (1 - level) / 2), quantile(sorted, (1 + level) / 2)];
    return [name, { value: statistic(once), low, high }] as const;
  });
  return Object.fromEntries(intervals) as Record<Name, Interval>;
}

/** The mean of `values` as a statistic. */
export function meanStatistic(values: ArrayLike<number>): Statistic {
  return (weights) => {
    let [sum, count] = [0, 0];
    for (let i = 0; i < weights.length; i += 1) {
      const weight = weights[i] as number;
      sum += weight * (values[i] as number);
      count += weight;
    }
    return sum / count;
  };
}

/** The median of `values` as a statistic; the mean of the middle two of an even number. */
export function medianStatistic(values: ArrayLike<number>): Statistic {
  const order = Int32Array.from(values, (_, i) => i).sort((a, b) => (values[a] as number) - (values[b] as number));
  const sorted = Float64Array.from(order, (i) => values[i] as number);
  return (weights) => {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const at = (place: number): number => {
      let seen = 0;
      const index = order.findIndex((i) => (seen += weights[i] as number) >= place);
      return sorted[index] ?? NaN;
    };
    return total % 2 === 1 ? at((total + 1) / 2) : (at(total / 2) + at(total / 2 + 1)) / 2;
  };
}

/** Draws how often each query is in a sample of as many groups as there are. */
function sampler(queries: number, random: Random, names: BootstrapOptions['groups']): () => Float64Array {
  const { groupOf, count } = numberGroups(names, queries);
  const times = new Float64Array(count);
  const weights = new Float64Array(queries);
  return () => {
    times.fill(0);
    for (let i = 0; i < count; i += 1) {
      const group = random.integer(count);
      times[group] = (times[group] as number) + 1;
    }
    for (let query = 0; query < queries; query += 1) weights[query] = times[groupOf[query] as number] as number;
    return weights;
  };
}

/** Value below which the share `p` of a sorted sample lies, interpolated. */
function quantile(sorted: Float64Array, p: number): number {
  const place = p * (sorted.length - 1);
  const lower = sorted[Math.floor(place)] ?? NaN;
  const upper = sorted[Math.ceil(place)] ?? NaN;
  return lower === upper ? lower : lower + (place - Math.floor(place)) * (upper - lower);
}
