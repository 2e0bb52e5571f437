import { createRandom } from '@azclip/base';

import { LengthError, ScoreError } from './errors.ts';
import { kendallTau } from './kendall.ts';

it('is 1 for the same order and −1 for the opposite', () => {
  expect(kendallTau([0.1, 0.2, 0.3], [1, 2, 3])).toEqual({ tauB: 1, tauC: 1 });
  expect(kendallTau([0.3, 0.2, 0.1], [1, 2, 3])).toEqual({ tauB: -1, tauC: -1 });
});

it('corrects for ties', () => {
  // scores 1 2 3 4, grades 1 1 2 2: concordant 4, discordant 0, all 6, tied grades 2
  const { tauB, tauC } = kendallTau([1, 2, 3, 4], [1, 1, 2, 2]);
  expect(tauB).toBeCloseTo(4 / Math.sqrt(6 * 4));
  expect(tauC).toBeCloseTo((2 * 4 * 2) / (16 * 1));
});

it('agrees with comparing every pair', () => {
  const random = createRandom(5);
  const scores = Array.from({ length: 200 }, () => random.integer(30));
  const grades = scores.map((score) => Math.floor(score / 10) + random.integer(3));
  let [sum, untiedScores, untiedGrades] = [0, 0, 0];
  for (let i = 0; i < 200; i += 1) {
    for (let j = 0; j < i; j += 1) {
      const [a, b] = [Math.sign((scores[i] ?? 0) - (scores[j] ?? 0)), Math.sign((grades[i] ?? 0) - (grades[j] ?? 0))];
      sum += a * b;
      untiedScores += Math.abs(a);
      untiedGrades += Math.abs(b);
    }
  }
  const levels = Math.min(new Set(scores).size, new Set(grades).size);
  const { tauB, tauC } = kendallTau(scores, grades);
  expect(tauB).toBeCloseTo(sum / Math.sqrt(untiedScores * untiedGrades), 12);
  expect(tauC).toBeCloseTo((2 * sum * levels) / (200 * 200 * (levels - 1)), 12);
});

it('refuses what cannot be compared', () => {
  expect(() => kendallTau([1], [1])).toThrow(LengthError);
  expect(() => kendallTau([1, NaN], [1, 2])).toThrow(ScoreError);
});
