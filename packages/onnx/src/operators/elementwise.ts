import { scalar, scalarOf } from '../graph/constants.ts';
import { node, type ElementType, type Shape, type Value } from '../graph/graph.ts';
import { broadcastShape, unexpanded } from './shape.ts';

/** An operand: a value, or a number that stands for a scalar of the other operand's type. */
export type Operand = Value | number;

const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((size, i) => size === b[i]);

/** Operands that broadcast to `shape` by themselves, without the Expand nodes that may stand before them. */
function unexpandedOperands(operands: readonly Value[], shape: Shape): readonly Value[] {
  const lean = [...operands];
  for (const [i, operand] of operands.entries()) {
    lean[i] = unexpanded(operand);
    const reached = lean.map((value) => value.shape).reduce(broadcastShape);
    if (!sameShape(reached, shape)) lean[i] = operand;
  }
  return lean;
}

const asValue = (operand: Operand, other: Operand): Value => {
  if (typeof operand !== 'number') return operand;
  if (typeof other === 'number') throw new TypeError('expected at least one operand that is a value');
  return scalar(other.graph, other.dtype, operand);
};

/** Applies a broadcasting operator to operands of one type. */
function broadcasting(operator: string, left: Operand, right: Operand, dtype?: ElementType): Value {
  const operands = [asValue(left, right), asValue(right, left)];
  const shape = operands.map((operand) => operand.shape).reduce(broadcastShape);
  return node(operator, unexpandedOperands(operands, shape), { dtype: dtype ?? (operands[0] as Value).dtype, shape });
}

/** The operand that is left when the other is the neutral element `neutral`. */
function withoutNeutral(kept: Operand, other: Operand, neutral: number): Value | undefined {
  if (typeof kept === 'number') return undefined;
  const isNeutral = other === neutral || (typeof other !== 'number' && scalarOf(unexpanded(other)) === neutral);
  const shape = typeof other === 'number' ? kept.shape : broadcastShape(kept.shape, other.shape);
  return isNeutral && sameShape(shape, kept.shape) ? kept : undefined;
}

/** a + b */
export const add = (a: Operand, b: Operand): Value =>
  withoutNeutral(a, b, 0) ?? withoutNeutral(b, a, 0) ?? broadcasting('Add', a, b);
/** a − b */
export const sub = (a: Operand, b: Operand): Value => withoutNeutral(a, b, 0) ?? broadcasting('Sub', a, b);
/** a · b */
export const mul = (a: Operand, b: Operand): Value =>
  withoutNeutral(a, b, 1) ?? withoutNeutral(b, a, 1) ?? broadcasting('Mul', a, b);
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
  const operands = [condition, asValue(chosen, other), asValue(other, chosen)];
  const shape = operands.map((operand) => operand.shape).reduce(broadcastShape);
  return node('Where', unexpandedOperands(operands, shape), { dtype: (operands[1] as Value).dtype, shape });
}

/** Applies an operator of one operand that keeps type and shape. */
export const unary = (
  operator: string,
  x: Value,
  attributes: Readonly<Record<string, { readonly float: number }>> = {},
) => node(operator, [x], { dtype: x.dtype, shape: x.shape }, { attributes });

/** Applies an operator of one operand whose result is bool. */
export const predicate = (operator: string, x: Value): Value => node(operator, [x], { dtype: 'bool', shape: x.shape });

const onnxTypes: Readonly<Record<ElementType, number>> = { float32: 1, int32: 6, int64: 7, bool: 9 };

/** Converts entries to another type: floats are cut towards zero, everything but 0 is true. */
export const cast = (x: Value, dtype: ElementType): Value =>
  x.dtype === dtype ? x : node('Cast', [x], { dtype, shape: x.shape }, { attributes: { to: onnxTypes[dtype] } });

/** Limits entries to [low, high]. */
export const clip = (x: Value, low: number, high: number): Value =>
  node('Clip', [x, scalar(x.graph, x.dtype, low), scalar(x.graph, x.dtype, high)], { dtype: x.dtype, shape: x.shape });

/** Sum of values of one shape. */
export function sum(terms: readonly Value[]): Value {
  const [first = terms[0] as Value, ...others] = terms.filter((term) => scalarOf(unexpanded(term)) !== 0);
  if (others.length === 0) return first;
  if (others.length === 1) return add(first, others[0] as Value);
  if (first.dtype !== 'float32') return [first, ...others].reduce((total, term) => add(total, term));
  return node('Sum', [first, ...others], { dtype: first.dtype, shape: first.shape });
}
