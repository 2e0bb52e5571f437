import { createRandom } from '@azclip/base';

import { CutoffError, EmptyGalleryError } from './errors.ts';
import { protocolLine, splitFingerprint } from './protocol.ts';
import { rankingOf } from './ranking.ts';
import { scoreCard } from './score-card.ts';

const relevance = (...ranks: number[]): number[] =>
  Array.from({ length: 20 }, (_, i) => (ranks.includes(i + 1) ? 1 : 0));
const rankings = [relevance(1), relevance(3), relevance(), relevance(1, 7)].map((list) => rankingOf(list));
const options = { direction: 'image→text', split: 'abc', random: createRandom(1) } as const;

it('scores by every measure and says on what', () => {
  const { protocol, scores } = scoreCard(rankings, options);
  expect(protocol).toMatchObject({ gallery: 20, queries: 3, withoutPositives: 1, cutoff: 15, split: 'abc' });
  expect(protocol.positivesPerQuery).toEqual({ min: 1, mean: 4 / 3, max: 2 });
  expect(scores['R@1']?.value).toBeCloseTo(2 / 3);
  expect(scores['recall@5']?.value).toBeCloseTo((1 + 1 + 1 / 2) / 3);
  expect(scores['MRR']?.value).toBeCloseTo((1 + 1 / 3 + 1) / 3);
  expect(scores['median rank']?.value).toBe(1);
  const [map, mar] = [scores['paper MAP']?.value ?? NaN, scores['paper MAR']?.value ?? NaN];
  expect(scores['table MAF1']?.value).toBeCloseTo((2 * map * mar) / (map + mar));
  for (const { value, low, high } of Object.values(scores)) {
    expect(low).toBeLessThanOrEqual(value);
    expect(high).toBeGreaterThanOrEqual(value);
  }
});

it('resamples the groups of the queries that were scored', () => {
  const groups = ['a', 'a', 'left out', 'a']; // one group: every sample is the whole
  const { scores } = scoreCard(rankings, { ...options, groups });
  expect(scores['MRR']?.low).toBe(scores['MRR']?.high);
});

it('prints the protocol as one line', () => {
  expect(protocolLine(scoreCard(rankings, options).protocol)).toBe(
    'image→text, gallery 20, queries 3, 1 without positives left out, positives per query 1.33 (1–2), K 15, split abc',
  );
});

it('refuses cut-offs beyond the gallery, and queries of which none has positives', () => {
  expect(() => scoreCard(rankings, { ...options, cutoffs: [21] })).toThrow(CutoffError);
  expect(() => scoreCard(rankings, { ...options, paperCutoff: 21 })).toThrow(CutoffError);
  expect(() => scoreCard([rankingOf([0])], options)).toThrow(EmptyGalleryError);
});

it('fingerprints pairs, not their order', () => {
  const a = { imageId: 'a', captions: ['x', 'y'] };
  const b = { imageId: 'b', captions: ['z'] };
  expect(splitFingerprint([a, b])).toBe(splitFingerprint([b, { ...a, captions: ['y', 'x'] }]));
  expect(splitFingerprint([a, b])).toMatch(/^[0-9a-f]{12}$/u);
  expect(splitFingerprint([a])).not.toBe(splitFingerprint([a, b]));
  expect(splitFingerprint([{ ...a, captions: ['x'] }, b])).not.toBe(splitFingerprint([a, b]));
});
