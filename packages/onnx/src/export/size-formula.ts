/** Sizes of the symbolic axes in one trace, by name. */
export type AxisSizes = Readonly<Record<string, number>>;

/** A number that depends on the sizes of axes: factor · Π size^exponent + offset. */
export interface SizeFormula {
  readonly factor: number;
  /** Exponent of each axis that takes part. */
  readonly exponents: Readonly<Record<string, number>>;
  readonly offset: number;
}

/** All ways to raise each axis to one of `choices`. */
function exponentChoices(axes: readonly string[], choices: readonly number[]): Readonly<Record<string, number>>[] {
  return axes.reduce<Readonly<Record<string, number>>[]>(
    (partial, axis) =>
      partial.flatMap((known) => choices.map((exponent) => (exponent === 0 ? known : { ...known, [axis]: exponent }))),
    [{}],
  );
}

/** Π size^exponent. */
export const powerProduct = (exponents: Readonly<Record<string, number>>, sizes: AxisSizes): number =>
  Object.entries(exponents).reduce((product, [axis, exponent]) => product * (sizes[axis] ?? NaN) ** exponent, 1);

const relativeError = 1e-6; // of float32 constants

const agrees = (formula: SizeFormula, sizes: readonly AxisSizes[], values: readonly number[]): boolean =>
  sizes.every((at, i) => {
    const [expected, actual] = [
      formula.factor * powerProduct(formula.exponents, at) + formula.offset,
      values[i] ?? NaN,
    ];
    return Math.abs(expected - actual) <= relativeError * Math.abs(actual);
  });

/** Solves factor · x + offset through the first two points. */
function lineThrough(x: readonly number[], y: readonly number[]): { factor: number; offset: number } {
  const [x0 = 0, x1 = 1] = x;
  const [y0 = 0, y1 = 0] = y;
  const factor = (y1 - y0) / (x1 - x0);
  return { factor, offset: y0 - factor * x0 };
}

/** The simplest formula that gives `values[i]` at `sizes[i]`: a multiple of a product of sizes, else one with an offset.
 * @param whole - whether factor and offset must be whole, as in shapes and indices.
 * @returns undefined if there is none. */
export function fitSizeFormula(
  sizes: readonly AxisSizes[],
  values: readonly number[],
  whole: boolean,
): SizeFormula | undefined {
  const choices = whole ? [0, 1, 2] : [0, 1, 2, -1, -2];
  const products = exponentChoices(Object.keys(sizes[0] ?? {}), choices);
  const candidates = products.flatMap((exponents): SizeFormula[] => {
    const x = sizes.map((at) => powerProduct(exponents, at));
    const proportional = { factor: (values[0] ?? 0) / (x[0] ?? 1), offset: 0 };
    return [proportional, lineThrough(x, values)].map(({ factor, offset }) => ({ factor, exponents, offset }));
  });
  const isSound = ({ factor, offset }: SizeFormula): boolean =>
    Number.isFinite(factor) && (!whole || (Number.isInteger(factor) && Number.isInteger(offset)));
  const fitting = candidates.filter((formula) => isSound(formula) && agrees(formula, sizes, values));
  const complexity = ({ exponents, offset }: SizeFormula): number =>
    Object.values(exponents).reduce((sum, exponent) => sum + Math.abs(exponent), 0) + (offset === 0 ? 0 : 1);
  return fitting.sort((a, b) => complexity(a) - complexity(b))[0];
}
