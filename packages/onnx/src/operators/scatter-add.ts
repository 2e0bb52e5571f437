import { sizeOf } from '../graph/constants.ts';
import type { Shape, Value } from '../graph/graph.ts';
import { add, cast, mul } from './elementwise.ts';
import { segmentSum } from './segment-sum.ts';
import { reshape, slice } from './shape.ts';

/** Adds `updates` at `indices` (last axis: the leading indices of a slice) into zeros of `shape`; an index may repeat. */
export function scatterAdd(indices: Value, updates: Value, shape: Shape): Value {
  const depth = indices.shape.at(-1) ?? 1;
  const count = sizeOf(indices.shape.slice(0, -1));
  const [leading, width] = [shape.slice(0, depth), sizeOf(shape.slice(depth))];
  const ids = rowNumbers(reshape(indices, [count, depth]), leading);
  return reshape(segmentSum(ids, reshape(updates, [count, width]), sizeOf(leading)), shape);
}

/** [count, depth] leading indices into [count] row-major numbers, int32. */
function rowNumbers(indices: Value, leading: Shape): Value {
  const count = indices.shape[0] ?? 0;
  const columns = leading.map((_, axis) => {
    const places = reshape(cast(slice(indices, [0, axis], [count, 1]), 'int32'), [count]);
    return mul(places, sizeOf(leading.slice(axis + 1)));
  });
  return columns.reduce((sum, places) => add(sum, places));
}
