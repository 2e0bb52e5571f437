import { int64s } from '../graph/constants.ts';
import { node, type Value } from '../graph/graph.ts';
import { cast } from './elementwise.ts';

/** Picks the entries at `indices` along `axis`, which `indices`' axes replace. */
export function gather(x: Value, indices: Value, axis: number): Value {
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  return node('Gather', [x, indices], { dtype: x.dtype, shape }, { attributes: { axis } });
}

/** Picks the slices of `x` whose leading indices stand in the last axis of `indices`, after `batchDims` shared axes. */
export function gatherNd(x: Value, indices: Value, batchDims = 0): Value {
  const depth = indices.shape.at(-1) ?? 0;
  const shape = [...indices.shape.slice(0, -1), ...x.shape.slice(batchDims + depth)];
  const inputs = [x, cast(indices, 'int64')];
  return node('GatherND', inputs, { dtype: x.dtype, shape }, { attributes: { batch_dims: batchDims } });
}

/** Writes `updates` into `x` at `indices` (last axis: the leading indices of a slice), or adds them. */
export const scatterNd = (x: Value, indices: Value, updates: Value, reduction: 'none' | 'add'): Value =>
  node(
    'ScatterND',
    [x, cast(indices, 'int64'), updates],
    { dtype: x.dtype, shape: x.shape },
    { attributes: { reduction } },
  );

/** The k largest entries of the last axis, largest first, and where they were. @returns values, int32 indices. */
export function topK(x: Value, k: number): readonly [Value, Value] {
  const shape = [...x.shape.slice(0, -1), k];
  const [values, indices] = x.graph.apply(
    'TopK',
    [x, int64s(x.graph, [k])],
    [
      { dtype: x.dtype, shape },
      { dtype: 'int64', shape },
    ],
  ) as readonly [Value, Value];
  return [values, cast(indices, 'int32')];
}
