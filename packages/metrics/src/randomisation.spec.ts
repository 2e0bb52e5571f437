import { createRandom } from '@azclip/base';

import { LengthError } from './errors.ts';
import { pairedRandomisationTest } from './randomisation.ts';

it('agrees with trying every relabelling', () => {
  const first = [1, 0.5, 1, 0.25, 1, 0.5, 1, 1];
  const second = [0.5, 0.5, 0.25, 0.5, 0.5, 0.2, 1, 0.5];
  const differences = first.map((value, i) => value - (second[i] ?? 0));
  const observed = Math.abs(differences.reduce((a, b) => a + b));
  let extreme = 0;
  for (let signs = 0; signs < 256; signs += 1) {
    const sum = differences.reduce((total, value, i) => total + ((signs >> i) & 1 ? value : -value), 0);
    if (Math.abs(sum) >= observed - 1e-9) extreme += 1;
  }
  const test = pairedRandomisationTest(first, second, createRandom(1));
  expect(test.difference).toBeCloseTo(observed / 8);
  expect(test.pValue).toBeCloseTo(extreme / 256, 1);
  expect(Math.abs(test.pValue - extreme / 256)).toBeLessThan(0.015); // three standard errors of 10,000 draws
});

it('finds no difference between a run and itself, and a plain one between good and bad', () => {
  const zeros = new Array<number>(40).fill(0);
  expect(pairedRandomisationTest(zeros, zeros, createRandom(1)).pValue).toBe(1);
  const ones = new Array<number>(40).fill(1);
  expect(pairedRandomisationTest(ones, zeros, createRandom(1))).toEqual({
    difference: 1,
    pValue: 1 / 10_001,
    permutations: 10_000,
  });
});

it('swaps whole groups: one image with forty captions is one piece of evidence', () => {
  const [ones, zeros] = [new Array<number>(40).fill(1), new Array<number>(40).fill(0)];
  const groups = ones.map(() => 'the one image');
  expect(pairedRandomisationTest(ones, zeros, createRandom(1), { groups }).pValue).toBe(1);
});

it('refuses runs of different lengths', () => {
  expect(() => pairedRandomisationTest([1], [1, 2], createRandom(1))).toThrow(LengthError);
});
