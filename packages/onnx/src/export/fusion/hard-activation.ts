import { scalarOf } from '../../graph/constants.ts';
import { producer, type Value } from '../../graph/graph.ts';
import type { Rule } from '../../graph/rewrite.ts';
import { bothOrders, isNear, withNumber } from './pattern.ts';
import { entryByEntry, product } from './planes.ts';

/** clip(x / 6 + 1 / 2, 0, 1) → HardSigmoid, x · clip(x + 3, 0, 6) / 6 → HardSwish, the sixth wherever it stands in a product:
 * ONNX Runtime computes both within the convolution before. */
export const fuseHardActivation: Rule = (value, rewritten) => {
  const score = gateScore(value);
  if (score) return entryByEntry('HardSigmoid', [rewritten(score)], value, { attributes: hardSigmoid });
  for (const [sixfold, sixth] of bothOrders(value, 'Mul')) {
    const x = swishArgument(sixfold);
    const factor = isSixth(sixth) ? undefined : withNumber(sixth, 'Mul', 1 / 6);
    if (!x || !(factor ?? isSixth(sixth))) continue;
    const swish = entryByEntry('HardSwish', [rewritten(x)], sixfold);
    return factor ? product(swish, rewritten(factor), value) : swish;
  }
  return undefined;
};

const isSixth = (value: Value): boolean => isNear(scalarOf(value), 1 / 6);

const hardSigmoid = { alpha: { float: 1 / 6 }, beta: { float: 0.5 } };

/** `x` of clip(x / 6 + 1 / 2, 0, 1). */
function gateScore(value: Value): Value | undefined {
  const shifted = clipped(value, 0, 1);
  const sixth = shifted && withNumber(shifted, 'Add', 0.5);
  return sixth && withNumber(sixth, 'Mul', 1 / 6);
}

/** `x` of x · clip(x + 3, 0, 6). */
function swishArgument(value: Value): Value | undefined {
  return bothOrders(value, 'Mul').find(([x, gate]) => {
    const shifted = clipped(gate, 0, 6);
    return shifted && withNumber(shifted, 'Add', 3) === x;
  })?.[0];
}

/** `x` of clip(x, least, most). */
function clipped(value: Value, least: number, most: number): Value | undefined {
  const [x, low, high] = producer(value, 'Clip')?.inputs ?? [];
  return x && low && high && scalarOf(low) === least && scalarOf(high) === most ? x : undefined;
}
