import { backend_util } from '@tensorflow/tfjs';
import type * as tf from '@tensorflow/tfjs';

import { sizeOf } from '../graph/constants.ts';
import type { Shape, Value } from '../graph/graph.ts';
import { averagePool, maxPool, maxPoolWithIndices } from '../operators/convolution.ts';
import { div, mul } from '../operators/elementwise.ts';
import { scatterAdd } from '../operators/index-operators.ts';
import { expand, filled, pad, reshape, slice } from '../operators/shape.ts';
import { kernel, type KernelEntry } from './kernel.ts';
import { fromPlanes, toPlanes, windowOf, type WindowInfo } from './window.ts';

type PoolAttributes = Pick<tf.AvgPoolAttrs, 'filterSize' | 'strides' | 'pad' | 'dimRoundingMode'>;

const poolInfo = (x: Shape, { filterSize, strides, pad: padding, dimRoundingMode }: PoolAttributes): WindowInfo =>
  backend_util.computePool2DInfo(
    x as [number, number, number, number],
    filterSize,
    strides,
    1,
    padding,
    dimRoundingMode,
  );

/** Gives every gradient to the entry that won its window: the first of equals, as TF.js does. */
function maxPoolGrad(dy: Value, input: Value, attributes: PoolAttributes): Value {
  if (sizeOf(input.shape) === 0 || sizeOf(dy.shape) === 0) return filled(dy, input.shape, 0);
  const info = poolInfo(input.shape, attributes);
  const planes = toPlanes(input, info);
  const [, winners] = maxPoolWithIndices(planes, windowOf(info));
  const count = sizeOf(winners.shape);
  const updates = reshape(toPlanes(dy, info), [count]);
  const flat = scatterAdd(reshape(winners, [count, 1]), updates, [sizeOf(planes.shape)]);
  return fromPlanes(reshape(flat, planes.shape), info);
}

/** Puts `steps − 1` zeros between the entries of the last two axes. */
function spread(x: Value, [down, across]: readonly [number, number]): Value {
  const [batch = 0, channels = 0, height = 0, width = 0] = x.shape;
  if (down === 1 && across === 1) return x;
  const cells = reshape(x, [batch, channels, height, 1, width, 1]);
  const none = [0, 0] as const;
  const padded = pad(cells, [none, none, none, [0, down - 1], none, [0, across - 1]]);
  return slice(
    reshape(padded, [batch, channels, height * down, width * across]),
    [0, 0, 0, 0],
    [batch, channels, (height - 1) * down + 1, (width - 1) * across + 1],
  );
}

/** Shares every gradient evenly among the entries that its window averaged; padding is not one of them.
 * The sum over the windows that hold an entry is again a pooling, with step 1, of the gradients set apart by the steps. */
function averagePoolGrad(dy: Value, input: Value, attributes: PoolAttributes): Value {
  if (sizeOf(input.shape) === 0 || sizeOf(dy.shape) === 0) return filled(dy, input.shape, 0);
  const info = poolInfo(input.shape, attributes);
  const window = windowOf(info);
  const [rows, columns] = window.kernel;
  const area = rows * columns;
  const planes = toPlanes(dy, info);
  if (rows === info.inHeight && columns === info.inWidth && sizeOf(window.output) === 1 && !window.pads.some(Boolean)) {
    return fromPlanes(expand(div(planes, area), [...planes.shape.slice(0, 2), rows, columns]), info);
  }
  const shares = spread(div(planes, countsOf(dy, info)), window.strides);
  const before = [rows - 1 - window.pads[0], columns - 1 - window.pads[1]] as const;
  const after = [info.inHeight + rows - 1, info.inWidth + columns - 1].map(
    (needed, i) => needed - (before[i] ?? 0) - (shares.shape[i + 2] ?? 0),
  );
  const framed = pad(shares, [[0, 0], [0, 0], [before[0], after[0] ?? 0], [before[1], after[1] ?? 0]]); // prettier-ignore
  const everyStep = {
    ...window,
    strides: [1, 1] as const,
    pads: [0, 0, 0, 0] as const,
    output: [info.inHeight, info.inWidth] as const,
  };
  return fromPlanes(mul(averagePool(framed, everyStep, true), area), info);
}

/** How many entries, padding aside, each window holds, [1, 1, outHeight, outWidth]. */
function countsOf(like: Value, info: WindowInfo): Value {
  const inside = (out: number, stride: number, kernelSize: number, size: number, before: number): number[] =>
    Array.from({ length: out }, (_, i) => {
      const start = i * stride - before;
      return Math.min(start + kernelSize, size) - Math.max(start, 0);
    });
  const { padInfo } = info;
  const rows = inside(info.outHeight, info.strideHeight, info.filterHeight, info.inHeight, padInfo.top);
  const columns = inside(info.outWidth, info.strideWidth, info.filterWidth, info.inWidth, padInfo.left);
  const counts = Float32Array.from(rows.flatMap((row) => columns.map((column) => row * column)));
  return like.graph.constant('float32', [1, 1, rows.length, columns.length], counts);
}

/** Pooling over two axes and its gradients. */
export const poolingKernels: readonly KernelEntry[] = [
  kernel<'x', tf.MaxPoolAttrs>('MaxPool', ({ x }, attributes) => {
    const info = poolInfo(x.shape, attributes);
    return fromPlanes(maxPool(toPlanes(x, info), windowOf(info)), info);
  }),
  kernel<'dy' | 'input' | 'output', tf.MaxPoolGradAttrs>('MaxPoolGrad', ({ dy, input }, attributes) =>
    maxPoolGrad(dy, input, attributes),
  ),
  kernel<'x', tf.AvgPoolAttrs>('AvgPool', ({ x }, attributes) => {
    const info = poolInfo(x.shape, attributes);
    return fromPlanes(averagePool(toPlanes(x, info), windowOf(info), false), info);
  }),
  kernel<'dy' | 'input', tf.AvgPoolGradAttrs>('AvgPoolGrad', ({ dy, input }, attributes) =>
    averagePoolGrad(dy, input, attributes),
  ),
];
