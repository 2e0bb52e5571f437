import type { Value } from '../../graph/graph.ts';
import { bothOrders, operandOf, withNumber, type FusionRule } from './pattern.ts';
import { entryByEntry } from './planes.ts';

/** ½ · x · (1 + erf(x / √2)) → Gelu. */
export const fuseGelu: FusionRule = (value, fused) => {
  const doubled = withNumber(value, 'Mul', 0.5);
  for (const [x, gate] of doubled ? bothOrders(doubled, 'Mul') : []) {
    if (argumentOf(gate) === x) return entryByEntry('Gelu', [fused(x)], value);
  }
  return undefined;
};

/** `x` of 1 + erf(x / √2). */
function argumentOf(gate: Value): Value | undefined {
  const argument = operandOf(withNumber(gate, 'Add', 1), 'Erf');
  return argument && withNumber(argument, 'Mul', Math.SQRT1_2);
}
