import { node, type Shape, type Value } from '../graph/graph.ts';

/** Geometry of a window that slides over two axes. */
export interface Window {
  /** [height, width] */
  readonly kernel: readonly [number, number];
  /** [height, width] */
  readonly strides: readonly [number, number];
  /** [height, width] */
  readonly dilations: readonly [number, number];
  /** [top, left, bottom, right]; never negative. */
  readonly pads: readonly [number, number, number, number];
  /** Size of the output, [height, width]. */
  readonly output: readonly [number, number];
}

const windowAttributes = ({ kernel, strides, dilations, pads }: Window) => ({
  kernel_shape: kernel,
  strides,
  dilations,
  pads,
});

/** Cross-correlation. @param x - [batch, in, height, width].  @param filter - [out, in / groups, kernel height, width]. */
export function conv(x: Value, filter: Value, window: Window, groups = 1): Value {
  const shape = [x.shape[0] ?? 0, filter.shape[0] ?? 0, ...window.output];
  const attributes = { ...windowAttributes(window), group: groups };
  return node('Conv', [x, filter], { dtype: x.dtype, shape }, { attributes });
}

/** The adjoint of `conv` with the same window: from its output's shape to its input's.
 * @param dy - [batch, out, ...window.output].  @param filter - [out, in / groups, kernel height, width].
 * @param size - [height, width] of the result. */
export function convTranspose(dy: Value, filter: Value, window: Window, size: readonly number[], groups = 1): Value {
  const shape = [dy.shape[0] ?? 0, (filter.shape[1] ?? 0) * groups, ...size];
  const { kernel, strides, dilations, pads, output } = window;
  const outputPadding = [0, 1].map((i) => {
    const covered = ((output[i] ?? 0) - 1) * (strides[i] ?? 1) + ((kernel[i] ?? 1) - 1) * (dilations[i] ?? 1) + 1;
    return (size[i] ?? 0) - (covered - (pads[i] ?? 0) - (pads[i + 2] ?? 0));
  });
  const attributes = { ...windowAttributes(window), group: groups, output_padding: outputPadding };
  return node('ConvTranspose', [dy, filter], { dtype: dy.dtype, shape }, { attributes });
}

/** Largest entry of every window. @param x - [batch, channels, height, width]. */
export const maxPool = (x: Value, window: Window): Value =>
  node('MaxPool', [x], poolType(x, window), { attributes: windowAttributes(window) });

/** `maxPool` and, for each result, the index of the first largest entry in the flattened `x` (int64). */
export function maxPoolWithIndices(x: Value, window: Window): readonly [Value, Value] {
  const type = poolType(x, window);
  return x.graph.apply('MaxPool', [x], [type, { dtype: 'int64', shape: type.shape }], {
    attributes: windowAttributes(window),
  }) as readonly [Value, Value];
}

/** Mean of every window; padding counts, as zeros, where `countPadding` says so. @param x - [batch, channels, height, width]. */
export const averagePool = (x: Value, window: Window, countPadding: boolean): Value =>
  node('AveragePool', [x], poolType(x, window), {
    attributes: { ...windowAttributes(window), count_include_pad: countPadding ? 1 : 0 },
  });

const poolType = (x: Value, { output }: Window): { dtype: Value['dtype']; shape: Shape } => ({
  dtype: x.dtype,
  shape: [x.shape[0] ?? 0, x.shape[1] ?? 0, ...output],
});
