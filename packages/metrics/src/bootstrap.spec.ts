import { createRandom } from '@azclip/base';

import { bootstrap, meanStatistic, medianStatistic } from './bootstrap.ts';
import { LengthError } from './errors.ts';

const random = createRandom(1);
const values = Array.from({ length: 400 }, () => random.normal());

it('spans 1.96 standard errors of a mean on either side', () => {
  const { mean } = bootstrap({ mean: meanStatistic(values) }, values.length, createRandom(2));
  const average = values.reduce((a, b) => a + b) / values.length;
  expect(mean.value).toBeCloseTo(average);
  const half = 1.96 / Math.sqrt(values.length); // 0.098
  expect(Math.abs((average - mean.low) / half - 1)).toBeLessThan(0.1);
  expect(Math.abs((mean.high - average) / half - 1)).toBeLessThan(0.1);
});

it('holds the share that it is asked for', () => {
  const width = (level: number): number => {
    const { mean } = bootstrap({ mean: meanStatistic(values) }, values.length, createRandom(2), { level });
    return mean.high - mean.low;
  };
  expect(width(0.5) / width(0.95)).toBeCloseTo(0.6745 / 1.96, 1);
});

it('widens by √5 when five captions of an image fail together', () => {
  const captions = values.slice(0, 200).flatMap((value) => [value, value, value, value, value]);
  const groups = captions.map((_, i) => `image ${String(Math.floor(i / 5))}`);
  const statistics = { mean: meanStatistic(captions) };
  const options = { resamples: 300 };
  const alone = bootstrap(statistics, captions.length, createRandom(3), options).mean;
  const grouped = bootstrap(statistics, captions.length, createRandom(3), { ...options, groups }).mean;
  expect((grouped.high - grouped.low) / (alone.high - alone.low)).toBeCloseTo(Math.sqrt(5), 0);
  expect(grouped.value).toBe(alone.value);
});

it('repeats itself for the same seed', () => {
  const run = (seed: number) => bootstrap({ mean: meanStatistic([1, 2, 3, 4]) }, 4, createRandom(seed));
  expect(run(4)).toEqual(run(4));
});

it('weighs means and medians', () => {
  const weights = Float64Array.from([2, 0, 1, 1]); // 5, 5, 9, 1
  expect(meanStatistic([5, 7, 9, 1])(weights)).toBe(5);
  expect(medianStatistic([5, 7, 9, 1])(weights)).toBe(5);
  expect(medianStatistic([5, 7, 9, 1])(Float64Array.from([0, 1, 1, 0]))).toBe(8);
  expect(medianStatistic([5, 7, 9, 1])(Float64Array.from([1, 1, 1, 0]))).toBe(7);
});

it('refuses groups that do not fit and samples without queries', () => {
  const statistics = { mean: meanStatistic([1, 2]) };
  expect(() => bootstrap(statistics, 2, random, { groups: [1] })).toThrow(LengthError);
  expect(() => bootstrap(statistics, 0, random)).toThrow('expected at least one query, got none');
});
