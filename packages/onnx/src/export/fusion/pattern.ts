import { isFixed, scalarOf } from '../../graph/constants.ts';
import { producer, type Value } from '../../graph/graph.ts';

/** The two operands of `value`, in both orders, where it is made by the commutative `operator`; else nothing. */
export function bothOrders(value: Value, operator: 'Add' | 'Mul'): readonly (readonly [Value, Value])[] {
  const [a, b] = producer(value, operator)?.inputs ?? [];
  return a && b
    ? [
        [a, b],
        [b, a],
      ]
    : [];
}

/** The operand of `value` and its number, where it is made by `operator` of a value and a number near `expected`. */
export function withNumber(value: Value, operator: 'Add' | 'Mul', expected: number): Value | undefined {
  return bothOrders(value, operator).find(([, number]) => isNear(scalarOf(number), expected))?.[0];
}

/** Whether a number is as near to `expected` as float32 has it. */
export const isNear = (actual: number | undefined, expected: number): boolean =>
  actual !== undefined && Math.abs(actual - expected) <= 1e-6 * Math.abs(expected);

/** The first input of `value`, where it is made by `operator`. */
export const operandOf = (value: Value | undefined, operator: string): Value | undefined =>
  value && producer(value, operator)?.inputs[0];

/** Whether `value` is one number for each entry of the last axis of `x`, the same in every run. */
export const isPerChannel = (value: Value, x: Value): boolean =>
  value.shape.length === 1 && value.shape[0] === x.shape.at(-1) && isFixed(value);
