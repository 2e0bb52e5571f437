import { scalarOf } from '../../graph/constants.ts';
import { producer, type Value } from '../../graph/graph.ts';
import type { Rule } from '../../graph/rewrite.ts';
import { bothOrders, isNear, operandOf, withNumber } from './pattern.ts';
import { entryByEntry } from './planes.ts';

/** ½ · x · (1 + erf(x / √2)) → Gelu; instead of ½ · x, the product may have √½ · (x / √2). */
export const fuseGelu: Rule = (value, rewritten) => {
  for (const [product, factor] of bothOrders(value, 'Mul')) {
    for (const [ungated, gate] of bothOrders(product, 'Mul')) {
      const argument = operandOf(withNumber(gate, 'Add', 1), 'Erf');
      const x = argument && overRootTwo(argument);
      const isWhole = ungated === x ? isNear(scalarOf(factor), 0.5) : isNear(scalarOf(factor), Math.SQRT1_2);
      if (x && isWhole && (ungated === x || ungated === argument)) return entryByEntry('Gelu', [rewritten(x)], value);
    }
  }
  return undefined;
};

/** `x` of x / √2 or x · √½. */
function overRootTwo(value: Value): Value | undefined {
  const [x, divisor] = producer(value, 'Div')?.inputs ?? [];
  return x && divisor && isNear(scalarOf(divisor), Math.SQRT2) ? x : withNumber(value, 'Mul', Math.SQRT1_2);
}
