import { scalarOf } from '../../graph/constants.ts';
import { producer, type Value } from '../../graph/graph.ts';
import type { Rule } from '../../graph/rewrite.ts';
import { bothOrders, isNear, operandOf, withNumber } from './pattern.ts';
import { entryByEntry } from './planes.ts';

/** ½ · x · (1 + erf(x / √2)) → Gelu; instead of ½ · x, the product may have √½ · (x / √2). */
export const fuseGelu: Rule = (value, rewritten) => {
  for (const [ungated, factor] of [
    ['x', 0.5],
    ['x / √2', Math.SQRT1_2],
  ] as const) {
    const product = withNumber(value, 'Mul', factor);
    for (const [operand, gate] of product ? bothOrders(product, 'Mul') : []) {
      const argument = operandOf(withNumber(gate, 'Add', 1), 'Erf');
      const x = argument && overRootTwo(argument);
      if (x && operand === (ungated === 'x' ? x : argument)) return entryByEntry('Gelu', [rewritten(x)], value);
    }
  }
  return undefined;
};

/** `x` of x / √2 or x · √½. */
function overRootTwo(value: Value): Value | undefined {
  const [x, divisor] = producer(value, 'Div')?.inputs ?? [];
  return x && divisor && isNear(scalarOf(divisor), Math.SQRT2) ? x : withNumber(value, 'Mul', Math.SQRT1_2);
}
