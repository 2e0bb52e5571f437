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
  return inBlocks(operator, x, axes, shape) ?? reduceAtOnce(operator, x, axes, keepDims);
}

function reduceAtOnce(operator: Reduction, x: Value, axes: readonly number[], keepDims: boolean): Value {
  const type = { dtype: x.dtype, shape: reducedShape(x.shape, axes, keepDims) };
  return node(operator, [x, int64s(x.graph, axes)], type, { attributes: { keepdims: keepDims ? 1 : 0 } });
}

/** Rows from which on they are added block by block. */
const manyRows = 256;

/** Rows of a block, the best first; one that divides their number is taken. */
const blockSizes = [128, 126, 125, 120, 112, 105, 100, 98, 96, 90, 84, 81, 80, 75, 72, 70, 64, 56, 49, 48] as const;

/** A sum or mean over the leading axes of a tall matrix, first within blocks of rows, then over the blocks. At once, ONNX
 * Runtime adds row after row to one row of sums: it rounds as often as there are rows, and reads all columns' sums again for
 * each (docs/decisions/0090). Undefined where this does not apply. */
function inBlocks(operator: Reduction, x: Value, axes: readonly number[], shape: Shape): Value | undefined {
  const isSum = operator === 'ReduceSum' || operator === 'ReduceMean';
  const rows = sizeOf(x.shape.slice(0, axes.length));
  const columns = sizeOf(x.shape.slice(axes.length));
  if (!isSum || x.dtype !== 'float32' || rows < manyRows || columns === 1) return undefined;
  if (axes.some((axis, i) => axis !== i)) return undefined;
  const size = blockSizes.find((each) => rows % each === 0);
  if (size === undefined) return undefined;
  const blocks = reshape(x, [rows / size, size, columns]);
  return reshape(reduceAtOnce(operator, reduceAtOnce(operator, blocks, [1], false), [0], false), shape);
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
