import { fitSizeFormula } from './size-formula.ts';

const sizes = [
  { batch: 11, tokens: 19 },
  { batch: 13, tokens: 23 },
  { batch: 17, tokens: 29 },
];
const at = (formula: (batch: number, tokens: number) => number): number[] =>
  sizes.map(({ batch, tokens }) => formula(batch, tokens));

it('finds an axis, a multiple of a product, and a constant', () => {
  expect(fitSizeFormula(sizes, at((batch) => batch), true)).toEqual({ factor: 1, exponents: { batch: 1 }, offset: 0 }); // prettier-ignore
  expect(fitSizeFormula(sizes, at((batch, tokens) => 12 * batch * tokens), true)).toEqual({ factor: 12, exponents: { batch: 1, tokens: 1 }, offset: 0 }); // prettier-ignore
  expect(fitSizeFormula(sizes, [7, 7, 7], true)).toEqual({ factor: 7, exponents: {}, offset: 0 });
});

it('finds the last index and the square', () => {
  expect(fitSizeFormula(sizes, at((_, tokens) => tokens - 1), true)).toEqual({ factor: 1, exponents: { tokens: 1 }, offset: -1 }); // prettier-ignore
  expect(fitSizeFormula(sizes, at((_, tokens) => tokens ** 2), true)).toEqual({ factor: 1, exponents: { tokens: 2 }, offset: 0 }); // prettier-ignore
});

it('finds reciprocals of floats, never of whole numbers', () => {
  const shares = at((batch) => Math.fround(0.5 / batch));
  const formula = fitSizeFormula(sizes, shares, false);
  expect(formula?.exponents).toEqual({ batch: -1 });
  expect(formula?.factor).toBeCloseTo(0.5);
  expect(fitSizeFormula(sizes, at((_, tokens) => tokens / 2), true)).toBeUndefined(); // prettier-ignore
});

it('finds nothing where there is no rule', () => {
  expect(fitSizeFormula(sizes, at((batch) => batch % 4), true)).toBeUndefined(); // prettier-ignore
});
