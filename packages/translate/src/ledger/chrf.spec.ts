import { chrF } from './chrf.ts';

it('is the mean over the orders that both texts have', () => {
  // abc, abd: order 1: a, b of 3 → 2/3; order 2: ab of 2 → 1/2; order 3: 0. Orders 4 to 6 do not exist.
  expect(chrF('abc', 'abd')).toBeCloseTo((2 / 3 + 1 / 2 + 0) / 3, 12);
});

it('weighs recall four times as much as precision', () => {
  // ab, abab: order 1: P = 1, R = 2/4 → 5·1·½ / (4 + ½); order 2: P = 1, R = 1/3 → (5/3) / (4 + 1/3); no order 3.
  const expected = (2.5 / 4.5 + 5 / 3 / (4 + 1 / 3)) / 2;
  expect(chrF('ab', 'abab')).toBeCloseTo(expected, 12);
  expect(chrF('abab', 'ab')).toBeGreaterThan(expected);
});

it('does not count spaces, but counts case', () => {
  expect(chrF('a black dog', 'ablack  dog')).toBe(1);
  expect(chrF('A', 'a')).toBe(0);
});

it('is 1 for equal texts, 0 for nothing in common and for no text', () => {
  expect(chrF('qara it qaçır', 'qara it qaçır')).toBe(1);
  expect(chrF('abc', 'xyz')).toBe(0);
  expect(chrF('', 'abc')).toBe(0);
});
