import { scalar, scalarOf, sizeOf } from '../graph/constants.ts';
import { node, producer, type ElementType, type NodeOptions, type Shape, type Value } from '../graph/graph.ts';
import { broadcastShape, expand, unexpanded } from './shape.ts';

/** An operand: a value, or a number that stands for a scalar of the other operand's type. */
export type Operand = Value | number;

const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((size, i) => size === b[i]);

/** Applies a broadcasting operator to `operands`. Repetitions are left out where the others reach the shape of the result
 * without them; where none does, the operator works before the repetition, on the few entries that are different. */
function applyLean(operator: string, operands: readonly Value[], dtype: ElementType): Value {
  const shape = operands.map((operand) => operand.shape).reduce(broadcastShape);
  const bare = operands.map(unexpanded);
  const reached = bare.map((operand) => operand.shape).reduce(broadcastShape);
  if (sizeOf(reached) < sizeOf(shape)) return expand(node(operator, bare, { dtype, shape: reached }), shape);
  const isEnough = sameShape(reached, shape);
  return node(operator, isEnough ? bare : operands, { dtype, shape });
}

const asValue = (operand: Operand, other: Operand): Value => {
  if (typeof operand !== 'number') return operand;
  if (typeof other === 'number') throw new TypeError('expected at least one operand that is a value');
  return scalar(other.graph, other.dtype, operand);
};

/** Applies a broadcasting operator to operands of one type. */
function broadcasting(operator: string, left: Operand, right: Operand, dtype?: ElementType): Value {
  const operands = [asValue(left, right), asValue(right, left)] as const;
  return applyLean(operator, operands, dtype ?? operands[0].dtype);
}

/** The operand that is left when the other is the neutral element `neutral`. */
function withoutNeutral(kept: Operand, other: Operand, neutral: number): Value | undefined {
  if (typeof kept === 'number') return undefined;
  const isNeutral = other === neutral || (typeof other !== 'number' && scalarOf(unexpanded(other)) === neutral);
  const shape = typeof other === 'number' ? kept.shape : broadcastShape(kept.shape, other.shape);
  return isNeutral && sameShape(shape, kept.shape) ? kept : undefined;
}

/** A value as factor · rest. */
export interface Factored {
  readonly factor: number;
  readonly rest: Value;
}

/** A float as constant · rest, where it was made as that; else with the factor 1. */
export function factored(x: Value): Factored {
  const product = x.dtype === 'float32' ? producer(x, 'Mul') : undefined;
  const [rest, constant] = product?.inputs ?? [];
  const factor = constant?.shape.length === 0 ? scalarOf(constant) : undefined;
  return rest && factor !== undefined ? { factor, rest } : { factor: 1, rest: x };
}

/** x · factor, the factor last, so that `factored` finds it. */
function scaled(x: Value, factor: number): Value {
  if (factor === 1) return x;
  const inner = factored(unexpanded(x));
  const product = broadcasting('Mul', inner.rest, inner.factor * factor);
  return expand(product, x.shape);
}

/** a · b. Constant factors come together, and go to the smaller operand. */
function product(a: Value, b: Value): Value {
  const [left, right] = [factored(unexpanded(a)), factored(unexpanded(b))];
  const factor = left.factor * right.factor;
  const shape = broadcastShape(a.shape, b.shape);
  const [small, large] =
    sizeOf(left.rest.shape) < sizeOf(right.rest.shape) ? [left.rest, right.rest] : [right.rest, left.rest];
  if (sizeOf(small.shape) < sizeOf(large.shape))
    return expand(broadcasting('Mul', large, scaled(small, factor)), shape);
  return expand(scaled(broadcasting('Mul', left.rest, right.rest), factor), shape);
}

/** What a − (−1 · rest) or a + (−1 · rest) takes away or adds instead, where `x` is such a product. */
const negated = (x: Operand): Value | undefined => {
  if (typeof x === 'number') return undefined;
  const { factor, rest } = factored(unexpanded(x));
  return factor === -1 ? expand(rest, x.shape) : undefined;
};

/** a + b */
export function add(a: Operand, b: Operand): Value {
  const kept = withoutNeutral(a, b, 0) ?? withoutNeutral(b, a, 0);
  if (kept) return kept;
  const taken = negated(b);
  if (taken) return broadcasting('Sub', a, taken);
  const takenFirst = negated(a);
  return takenFirst ? broadcasting('Sub', b, takenFirst) : broadcasting('Add', a, b);
}

/** a − b */
export const sub = (a: Operand, b: Operand): Value => withoutNeutral(a, b, 0) ?? broadcasting('Sub', a, b);

/** a · b */
export function mul(a: Operand, b: Operand): Value {
  const kept = withoutNeutral(a, b, 1) ?? withoutNeutral(b, a, 1);
  if (kept) return kept;
  const [left, right] = [asValue(a, b), asValue(b, a)];
  if (left.dtype !== 'float32') return broadcasting('Mul', left, right);
  const [leftFactor, rightFactor] = [left, right].map((x) => scalarOf(unexpanded(x)));
  const shape = broadcastShape(left.shape, right.shape);
  if (rightFactor !== undefined) return expand(scaled(left, rightFactor), shape);
  return leftFactor === undefined ? product(left, right) : expand(scaled(right, leftFactor), shape);
}

/** a / b; the quotient of integers is cut towards zero. */
export const div = (a: Operand, b: Operand): Value => withoutNeutral(a, b, 1) ?? broadcasting('Div', a, b);
/** a to the power b */
export const pow = (a: Operand, b: Operand): Value => broadcasting('Pow', a, b);
/** The larger of a and b. */
export const maximum = (a: Operand, b: Operand): Value => broadcasting('Max', a, b);
/** The smaller of a and b. */
export const minimum = (a: Operand, b: Operand): Value => broadcasting('Min', a, b);
/** a = b, bool */
export const equal = (a: Operand, b: Operand): Value => broadcasting('Equal', a, b, 'bool');
/** a > b, bool */
export const greater = (a: Operand, b: Operand): Value => broadcasting('Greater', a, b, 'bool');
/** a ≥ b, bool */
export const greaterEqual = (a: Operand, b: Operand): Value => broadcasting('GreaterOrEqual', a, b, 'bool');
/** a < b, bool */
export const less = (a: Operand, b: Operand): Value => broadcasting('Less', a, b, 'bool');
/** a ≤ b, bool */
export const lessEqual = (a: Operand, b: Operand): Value => broadcasting('LessOrEqual', a, b, 'bool');
/** a and b, of bools */
export const and = (a: Value, b: Value): Value => broadcasting('And', a, b);
/** a or b, of bools */
export const or = (a: Value, b: Value): Value => broadcasting('Or', a, b);
/** a or else b, but not both, of bools */
export const xor = (a: Value, b: Value): Value => broadcasting('Xor', a, b);
/** not a, of bools */
export const not = (a: Value): Value => node('Not', [a], { dtype: 'bool', shape: a.shape });

/** Remainder of integers, with the sign of the divisor; of floats, with the sign of the dividend. */
export function remainder(a: Value, b: Value): Value {
  const shape = broadcastShape(a.shape, b.shape);
  return node('Mod', [a, b], { dtype: a.dtype, shape }, { attributes: { fmod: a.dtype === 'float32' ? 1 : 0 } });
}

/** `chosen` where the condition holds, else `other`; all three broadcast. */
export function where(condition: Value, chosen: Operand, other: Operand): Value {
  const operands = [condition, asValue(chosen, other), asValue(other, chosen)] as const;
  return applyLean('Where', operands, operands[1].dtype);
}

/** Applies an operator of one operand, before a repetition of its entries. */
function entrywise(operator: string, x: Value, dtype: ElementType, attributes: NodeOptions['attributes'] = {}): Value {
  const bare = unexpanded(x);
  return expand(node(operator, [bare], { dtype, shape: bare.shape }, { attributes }), x.shape);
}

/** Applies an operator of one operand that keeps type and shape. */
export const unary = (
  operator: string,
  x: Value,
  attributes?: Readonly<Record<string, { readonly float: number }>>,
): Value => entrywise(operator, x, x.dtype, attributes);

/** Applies an operator of one operand whose result is bool. */
export const predicate = (operator: string, x: Value): Value => entrywise(operator, x, 'bool');

const onnxTypes: Readonly<Record<ElementType, number>> = { float32: 1, int32: 6, int64: 7, bool: 9 };

/** Converts entries to another type: floats are cut towards zero, everything but 0 is true. */
export const cast = (x: Value, dtype: ElementType): Value =>
  x.dtype === dtype ? x : entrywise('Cast', x, dtype, { to: onnxTypes[dtype] });

/** Limits entries to [low, high]. */
export const clip = (x: Value, low: number, high: number): Value =>
  node('Clip', [x, scalar(x.graph, x.dtype, low), scalar(x.graph, x.dtype, high)], { dtype: x.dtype, shape: x.shape });

/** Sum of values of one shape. In pairs: ONNX Runtime writes a pair's sum over an operand, but not that of many. */
export const sum = (terms: readonly Value[]): Value => terms.reduce((total, term) => add(total, term));
