import { backend_util } from '@tensorflow/tfjs';
import type * as tf from '@tensorflow/tfjs';

import { sizeOf } from '../graph/constants.ts';
import type { Shape, Value } from '../graph/graph.ts';
import { averagePool, maxPool, maxPoolWithIndices, type Window } from '../operators/convolution.ts';
import { div, mul } from '../operators/elementwise.ts';
import { scatterAdd } from '../operators/scatter-add.ts';
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

/** The geometry of a gradient. TF.js does not pass on how sizes were rounded, so the size of the output is that of `dy`. */
function gradientInfo(dy: Value, input: Value, attributes: PoolAttributes): WindowInfo {
  const [, outHeight = 0, outWidth = 0] = dy.shape;
  return { ...poolInfo(input.shape, attributes), outHeight, outWidth };
}

/** Gives every gradient to the entry that won its window: the first of equals, as TF.js does. */
function maxPoolGrad(dy: Value, input: Value, attributes: PoolAttributes): Value {
  if (sizeOf(input.shape) === 0 || sizeOf(dy.shape) === 0) return filled(dy, input.shape, 0);
  const info = gradientInfo(dy, input, attributes);
  const planes = toPlanes(input, info);
  const [, winners] = maxPoolWithIndices(planes, windowOf(info));
  const count = sizeOf(winners.shape);
  const updates = reshape(toPlanes(dy, info), [count]);
  const flat = scatterAdd(reshape(winners, [count, 1]), updates, [sizeOf(planes.shape)]);
  return fromPlanes(reshape(flat, planes.shape), info);
}

/** Puts `step − 1` zeros between the entries of the last two axes, and cuts the result to `size`. */
function spread(x: Value, [down, across]: readonly [number, number], size: readonly [number, number]): Value {
  const [batch = 0, channels = 0, height = 0, width = 0] = x.shape;
  const cells = reshape(x, [batch, channels, height, 1, width, 1]);
  const none = [0, 0] as const;
  const padded = pad(cells, [none, none, none, [0, down - 1], none, [0, across - 1]]);
  const lattice = reshape(padded, [batch, channels, height * down, width * across]);
  return slice(lattice, [0, 0, 0, 0], [batch, channels, ...size]);
}

/** Shares every gradient evenly among the entries that its window averaged; padding is not one of them.
 * The sum over the windows that hold an entry is again a pooling, with step 1, of the gradients set apart by the steps. */
function averagePoolGrad(dy: Value, input: Value, attributes: PoolAttributes): Value {
  if (sizeOf(input.shape) === 0 || sizeOf(dy.shape) === 0) return filled(dy, input.shape, 0);
  const info = gradientInfo(dy, input, attributes);
  const window = windowOf(info);
  const [rows, columns] = window.kernel;
  const area = rows * columns;
  const planes = toPlanes(dy, info);
  if (rows === info.inHeight && columns === info.inWidth && sizeOf(window.output) === 1 && !window.pads.some(Boolean)) {
    return fromPlanes(expand(div(planes, area), [...planes.shape.slice(0, 2), rows, columns]), info);
  }
  const [top, left, bottom, right] = window.pads;
  const { inHeight, inWidth } = info;
  const size = [inHeight + top + bottom - rows + 1, inWidth + left + right - columns + 1] as const;
  const shares = spread(div(planes, countsOf(dy, info)), window.strides, size);
  const everyStep: Window = {
    ...window,
    strides: [1, 1],
    pads: [rows - 1 - top, columns - 1 - left, rows - 1 - bottom, columns - 1 - right],
    output: [inHeight, inWidth],
  };
  return fromPlanes(mul(averagePool(shares, everyStep, true), area), info);
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
