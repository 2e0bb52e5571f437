import type * as tf from '@tensorflow/tfjs';

import type { ElementType, Value } from '../graph/graph.ts';
import { cast, greater, greaterEqual, where } from '../operators/elementwise.ts';
import { argument, cumulativeSum, reduce, type Reduction } from '../operators/reduce.ts';
import { expand, reshape, reverse } from '../operators/shape.ts';
import { axesOf, axisOf } from './axes.ts';
import { kernel, type KernelEntry } from './kernel.ts';

/** Attributes of the reductions; Max alone calls its axes otherwise. */
type ReductionAttributes = Partial<tf.SumAttrs & tf.MaxAttrs>;

/** A reduction computed in `dtype`, or in the type of the input. */
const reduction = (name: string, operator: Reduction, dtype?: ElementType): KernelEntry =>
  kernel<'x', ReductionAttributes>(name, ({ x }, { axis, reductionIndices, keepDims }) =>
    reduce(operator, dtype ? cast(x, dtype) : x, axesOf(x, axis ?? reductionIndices), keepDims ?? false),
  );

/** All or any of some bools: the smallest or the largest of them as integers. */
const logical = (name: string, operator: Reduction): KernelEntry =>
  kernel<'x', tf.AllAttrs>(name, ({ x }, { axis, keepDims }) =>
    cast(reduce(operator, cast(x, 'int32'), axesOf(x, axis), keepDims), 'bool'),
  );

/** Products of the entries up to each one along `axis`, by a [size, size] triangle of factors: meant for short axes. */
function cumulativeProduct(x: Value, axis: number, exclusive: boolean, reverseOrder: boolean): Value {
  const size = x.shape[axis] ?? 0;
  const source = reverseOrder ? reverse(x, [axis]) : x;
  const column = [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)]; // [..., 1, size, ...]
  const square = column.map((length, i) => (i === axis ? size : length));
  const indices = x.graph.constant(
    'int32',
    [size],
    Int32Array.from({ length: size }, (_, i) => i),
  );
  const trailing = x.shape.slice(axis + 1).map(() => 1);
  const [to, from] = [reshape(indices, [size, 1, ...trailing]), reshape(indices, [1, size, ...trailing])];
  const counted = exclusive ? greater(to, from) : greaterEqual(to, from);
  const factors = where(counted, expand(reshape(source, column), square), 1);
  const products = reduce('ReduceProd', factors, [axis + 1], false);
  return reverseOrder ? reverse(products, [axis]) : products;
}

/** Kernels that reduce or accumulate along axes. */
export const reductionKernels: readonly KernelEntry[] = [
  reduction('Sum', 'ReduceSum'),
  reduction('Mean', 'ReduceMean', 'float32'),
  reduction('Max', 'ReduceMax'),
  reduction('Min', 'ReduceMin'),
  reduction('Prod', 'ReduceProd'),
  logical('All', 'ReduceMin'),
  logical('Any', 'ReduceMax'),
  kernel<'x', tf.ArgMaxAttrs>('ArgMax', ({ x }, { axis }) => argument('ArgMax', x, axisOf(x, axis))),
  kernel<'x', tf.ArgMinAttrs>('ArgMin', ({ x }, { axis }) => argument('ArgMin', x, axisOf(x, axis))),
  kernel<'x', tf.CumsumAttrs>('Cumsum', ({ x }, { axis, exclusive, reverse }) =>
    cumulativeSum(x, axisOf(x, axis), exclusive, reverse),
  ),
  kernel<'x', tf.CumprodAttrs>('Cumprod', ({ x }, { axis, exclusive, reverse }) =>
    cumulativeProduct(x, axisOf(x, axis), exclusive, reverse),
  ),
];
