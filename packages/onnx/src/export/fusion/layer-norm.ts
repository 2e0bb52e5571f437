import { scalarOf } from '../../graph/constants.ts';
import { node, producer, type Value } from '../../graph/graph.ts';
import type { Rule } from '../../graph/rewrite.ts';
import { bothOrders, operandOf } from './pattern.ts';

/** (x − mean) · 1 / √(variance + ε) · scale + bias over the last axis → LayerNormalization. */
export const fuseLayerNorm: Rule = (value, rewritten) => {
  for (const [scaled, bias] of bothOrders(value, 'Add')) {
    for (const [normed, scale] of bothOrders(scaled, 'Mul')) {
      const parts = isVector(scale, value) && isVector(bias, value) ? standardised(normed) : undefined;
      if (!parts) continue;
      const attributes = { axis: -1, epsilon: { float: parts.epsilon } };
      return node('LayerNormalization', [rewritten(parts.x), rewritten(scale), rewritten(bias)], value, { attributes });
    }
  }
  return undefined;
};

const isVector = ({ shape }: Value, x: Value): boolean => shape.length === 1 && shape[0] === x.shape.at(-1);

/** `x` and ε of (x − mean) · 1 / √(variance + ε). */
function standardised(value: Value): { readonly x: Value; readonly epsilon: number } | undefined {
  for (const [centred, inverse] of bothOrders(value, 'Mul')) {
    const [one, root] = producer(inverse, 'Div')?.inputs ?? [];
    const shifted = root && operandOf(root, 'Sqrt');
    if (!one || scalarOf(one) !== 1 || !shifted) continue;
    for (const [variance, constant] of bothOrders(shifted, 'Add')) {
      const epsilon = scalarOf(constant);
      const x = isVarianceOf(centred, variance) ? centredOf(centred) : undefined;
      if (epsilon !== undefined && x) return { x, epsilon };
    }
  }
  return undefined;
}

/** What `value` is the mean of over the last axis, which stays with size 1. */
function meanOf(value: Value): Value | undefined {
  const mean = producer(value, 'ReduceMean');
  const [x, axes] = mean?.inputs ?? [];
  const isLast = axes && x && scalarOf(axes) === x.shape.length - 1;
  return isLast && mean?.attributes['keepdims'] === 1 ? x : undefined;
}

/** Whether `variance` is the mean of `centred` times itself. */
function isVarianceOf(centred: Value, variance: Value): boolean {
  const square = meanOf(variance);
  return (square && producer(square, 'Mul'))?.inputs.every((input) => input === centred) === true;
}

/** `x` of x − mean(x). */
function centredOf(value: Value): Value | undefined {
  const [x, mean] = producer(value, 'Sub')?.inputs ?? [];
  return x && mean && meanOf(mean) === x ? x : undefined;
}
