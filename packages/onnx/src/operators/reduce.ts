import { int64s, scalar, sizeOf } from '../graph/constants.ts';
import { node, type Shape, type Value } from '../graph/graph.ts';
import { cast } from './elementwise.ts';
import { filled, reshape } from './shape.ts';

/** Reductions over axes, and what each gives over no entries at all. */
const neutral = { ReduceSum: 0, ReduceMean: NaN, ReduceProd: 1, ReduceMax: -Infinity, ReduceMin: Infinity } as const;

/** Name of a reduction. */
export type Reduction = keyof typeof neutral;

/** The shape of `shape` reduced over `axes`, which stay with size 1 or go. */
export const reducedShape = (shape: Shape, axes: readonly number[], keepDims: boolean): Shape =>
  keepDims ? shape.map((size, i) => (axes.includes(i) ? 1 : size)) : shape.filter((_, i) => !axes.includes(i));

/** Reduces `x` over `axes` (none: nothing is reduced). */
export function reduce(operator: Reduction, x: Value, axes: readonly number[], keepDims: boolean): Value {
  const shape = reducedShape(x.shape, axes, keepDims);
  if (sizeOf(x.shape) === 0) return filled(x, shape, neutral[operator]);
  if (axes.every((axis) => x.shape[axis] === 1)) return reshape(x, shape);
  const inputs = [x, int64s(x.graph, axes)];
  return node(operator, inputs, { dtype: x.dtype, shape }, { attributes: { keepdims: keepDims ? 1 : 0 } });
}

/** First position of the largest or the smallest entry along `axis`, which goes. @returns int32. */
export function argument(operator: 'ArgMax' | 'ArgMin', x: Value, axis: number): Value {
  const type = { dtype: 'int64', shape: reducedShape(x.shape, [axis], false) } as const;
  return cast(node(operator, [x], type, { attributes: { axis, keepdims: 0 } }), 'int32');
}

/** Sums of the entries up to each one along `axis`, itself counted unless `exclusive`; from the end when `reverse`. */
export function cumulativeSum(x: Value, axis: number, exclusive: boolean, reverse: boolean): Value {
  const attributes = { exclusive: exclusive ? 1 : 0, reverse: reverse ? 1 : 0 };
  return node('CumSum', [x, scalar(x.graph, 'int32', axis)], { dtype: x.dtype, shape: x.shape }, { attributes });
}
