import type * as tf from '@tensorflow/tfjs';

import { sizeOf } from '../graph/constants.ts';
import type { ElementType, Value } from '../graph/graph.ts';
import { and, cast, equal, greaterEqual, less, where } from '../operators/elementwise.ts';
import { gather, gatherNd, scatterNd, topK } from '../operators/index-operators.ts';
import { scatterAdd } from '../operators/scatter-add.ts';
import { segmentSum } from '../operators/segment-sum.ts';
import { filled, reshape, transpose } from '../operators/shape.ts';
import { axisOf } from './axes.ts';
import { kernel, type KernelEntry } from './kernel.ts';

/** Gather with leading axes that `x` and `indices` share: the axis gathered from is moved beside them. */
function batchGather(x: Value, indices: Value, axis: number, batchDims: number): Value {
  const order = x.shape.map((_, i) => i).filter((i) => i !== axis);
  order.splice(batchDims, 0, axis);
  const picked = gatherNd(transpose(x, order), reshape(indices, [...indices.shape, 1]), batchDims);
  const inner = indices.shape.length - batchDims; // axes that the indices put in
  const outer = axis - batchDims; // axes of x that belong before those
  const axes = picked.shape.map((_, i) => i);
  return transpose(picked, [
    ...axes.slice(0, batchDims),
    ...axes.slice(batchDims + inner, batchDims + inner + outer),
    ...axes.slice(batchDims, batchDims + inner),
    ...axes.slice(batchDims + inner + outer),
  ]);
}

function gatherV2(x: Value, indices: Value, { axis, batchDims }: tf.GatherV2Attrs): Value {
  const at = axisOf(x, axis);
  const shared = batchDims < 0 ? batchDims + indices.shape.length : batchDims;
  const whole = cast(indices, 'int32');
  return shared === 0 ? gather(x, whole, at) : batchGather(x, whole, at, shared);
}

/** Sums the slices of `x` that carry the same segment id; ids outside the range are left out, as in TensorFlow. */
function unsortedSegmentSum(x: Value, segmentIds: Value, numSegments: number): Value {
  const rest = x.shape.slice(segmentIds.shape.length);
  const shape = [numSegments, ...rest];
  if (sizeOf(x.shape) === 0 || numSegments === 0) return filled(x, shape, 0);
  const ids = cast(reshape(segmentIds, [sizeOf(segmentIds.shape)]), 'int32');
  const valid = and(greaterEqual(ids, 0), less(ids, numSegments));
  const rows = reshape(x, [sizeOf(segmentIds.shape), sizeOf(rest)]);
  return reshape(segmentSum(where(valid, ids, numSegments), rows, numSegments), shape);
}

/** 1-of-`depth` rows in a new last axis. */
function oneHot(indices: Value, { depth, onValue, offValue, dtype }: tf.OneHotAttrs): Value {
  const classes = indices.graph.constant(
    'int32',
    [depth],
    Int32Array.from({ length: depth }, (_, i) => i),
  );
  const hits = equal(reshape(cast(indices, 'int32'), [...indices.shape, 1]), classes);
  const type = dtype as ElementType;
  if (onValue === 1 && offValue === 0) return cast(hits, type);
  return where(hits, filled(indices, [], onValue, type), filled(indices, [], offValue, type));
}

function scatter(indices: Value, updates: Value, shape: readonly number[]): Value {
  if (sizeOf(updates.shape) === 0) return filled(updates, shape, 0);
  const depth = indices.shape.at(-1) ?? 1;
  return scatterAdd(indices, reshape(updates, [...indices.shape.slice(0, -1), ...shape.slice(depth)]), shape);
}

/** Kernels that read or write at positions that are data. */
export const indexingKernels: readonly KernelEntry[] = [
  kernel<'x' | 'indices', tf.GatherV2Attrs>('GatherV2', ({ x, indices }, attributes) =>
    gatherV2(x, indices, attributes),
  ),
  kernel<'params' | 'indices'>('GatherNd', ({ params, indices }) => gatherNd(params, indices)),
  kernel<'indices' | 'updates', tf.ScatterNdAttrs>('ScatterNd', ({ indices, updates }, { shape }) =>
    scatter(indices, updates, shape),
  ),
  kernel<'tensor' | 'indices' | 'updates'>('TensorScatterUpdate', ({ tensor, indices, updates }) =>
    scatterNd(tensor, indices, updates, 'none'),
  ),
  kernel<'x' | 'segmentIds', tf.UnsortedSegmentSumAttrs>('UnsortedSegmentSum', ({ x, segmentIds }, { numSegments }) =>
    unsortedSegmentSum(x, segmentIds, numSegments),
  ),
  kernel<'indices', tf.OneHotAttrs>('OneHot', ({ indices }, attributes) => oneHot(indices, attributes)),
  kernel<'x', tf.TopKAttrs>('TopK', ({ x }, { k }) => topK(x, k)),
];
