import { createRandom } from '@azclip/base';

import { CutoffError, ScoreError } from './errors.ts';
import { topK } from './top-k.ts';

it('finds what a full sort finds, ties by the smaller index', () => {
  const random = createRandom(6);
  for (const [size, levels] of [
    [1, 1],
    [40, 5],
    [300, 1000],
    [300, 1],
  ] as const) {
    const scores = Float32Array.from({ length: size }, () => random.integer(levels));
    const sorted = Array.from(scores, (score, index) => ({ score, index }));
    sorted.sort((a, b) => b.score - a.score || a.index - b.index);
    for (const k of [1, 7, size].filter((one) => one <= size)) {
      expect(Array.from(topK(scores, k))).toEqual(sorted.slice(0, k).map(({ index }) => index));
    }
  }
});

it('refuses more than there is, and scores that are not numbers', () => {
  expect(() => topK([1, 2], 3)).toThrow(CutoffError);
  expect(() => topK([1, NaN], 1)).toThrow(ScoreError);
});
