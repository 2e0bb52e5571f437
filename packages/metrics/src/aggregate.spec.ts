import { countWithoutPositives, meanOf, medianOf } from './aggregate.ts';
import { firstRank, reciprocalRank } from './measures/reciprocal-rank.ts';
import { rankingOf } from './ranking.ts';

const rankings = [rankingOf([1]), rankingOf([0, 0, 0, 1]), rankingOf([0, 0])]; // ranks 1, 4, and no positives

it('leaves queries without positives out and counts them', () => {
  expect(meanOf(rankings, reciprocalRank)).toBe((1 + 1 / 4) / 2);
  expect(countWithoutPositives(rankings)).toBe(1);
});

it('takes the middle value, or the mean of the middle two', () => {
  expect(medianOf(rankings, firstRank)).toBe(2.5);
  expect(medianOf([...rankings, rankingOf([0, 1])], firstRank)).toBe(2);
});

it('has no score without queries', () => {
  expect(meanOf([], firstRank)).toBeNaN();
  expect(medianOf([], firstRank)).toBeNaN();
});
