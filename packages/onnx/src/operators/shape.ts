import { dataOf, int64s, scalar, sizeOf } from '../graph/constants.ts';
import { node, producer, type Shape, type Value } from '../graph/graph.ts';

const equalShapes = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((size, i) => size === b[i]);

/** The first input of a node that surely has one. */
const firstInput = (inputs: readonly (Value | undefined)[]): Value => inputs[0] as Value;

/** `x` with the same entries under another shape. */
export function reshape(x: Value, shape: Shape): Value {
  if (equalShapes(x.shape, shape)) return x;
  const earlier = producer(x, 'Reshape');
  if (earlier) return reshape(firstInput(earlier.inputs), shape);
  const attributes = shape.includes(0) ? { allowzero: 1 } : {};
  return node('Reshape', [x, int64s(x.graph, shape)], { dtype: x.dtype, shape }, { attributes });
}

/** Permutes axes: axis i of the result is axis `permutation[i]` of `x`. */
export function transpose(x: Value, permutation: readonly number[]): Value {
  const shape = permutation.map((axis) => x.shape[axis] ?? 0);
  if (permutation.every((axis, i) => axis === i)) return x;
  const earlier = producer(x, 'Transpose');
  if (earlier) {
    const inner = earlier.attributes.perm as readonly number[];
    return transpose(
      firstInput(earlier.inputs),
      permutation.map((axis) => inner[axis] ?? 0),
    );
  }
  const moving = permutation.filter((axis) => x.shape[axis] !== 1);
  if (moving.every((axis, i) => i === 0 || axis > (moving[i - 1] ?? 0))) return reshape(x, shape);
  return node('Transpose', [x], { dtype: x.dtype, shape }, { attributes: { perm: permutation } });
}

/** The shape that operands of these shapes are broadcast to. */
export function broadcastShape(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const left = a[i - rank + a.length] ?? 1;
    return left === 1 ? (b[i - rank + b.length] ?? 1) : left;
  });
}

/** Repeats `x` along axes of size 1, and along new leading ones, up to `shape`. */
export function expand(x: Value, shape: Shape): Value {
  if (equalShapes(x.shape, shape)) return x;
  return node('Expand', [x, int64s(x.graph, shape)], { dtype: x.dtype, shape });
}

/** What an Expand node repeats, if `x` is made by one. */
export function unexpanded(x: Value): Value {
  const expansion = producer(x, 'Expand');
  return expansion ? firstInput(expansion.inputs) : x;
}

/** A tensor of one value. */
export function filled(like: Value, shape: Shape, value: number, dtype = like.dtype): Value {
  const size = sizeOf(shape);
  if (size === 0) return like.graph.constant(dtype, shape, dataOf(dtype, []));
  return expand(scalar(like.graph, dtype, value), shape);
}

/** Joins along `axis`; empty parts are left out. */
export function concat(parts: readonly Value[], axis: number): Value {
  const filledParts = parts.filter(({ shape }) => shape[axis] !== 0);
  const [first = parts[0] as Value, ...others] = filledParts;
  if (others.length === 0) return first;
  const total = filledParts.reduce((sum, { shape }) => sum + (shape[axis] ?? 0), 0);
  const shape = first.shape.map((size, i) => (i === axis ? total : size));
  return node('Concat', [first, ...others], { dtype: first.dtype, shape }, { attributes: { axis } });
}

/** A part of `x`: per axis its first index, and its size. */
export function slice(x: Value, begin: readonly number[], size: Shape): Value {
  const axes = x.shape.map((_, axis) => axis).filter((axis) => size[axis] !== x.shape[axis]);
  if (axes.length === 0) return x;
  const starts = axes.map((axis) => begin[axis] ?? 0);
  const ends = axes.map((axis) => (begin[axis] ?? 0) + (size[axis] ?? 0));
  const { graph } = x;
  return node('Slice', [x, int64s(graph, starts), int64s(graph, ends), int64s(graph, axes)], {
    dtype: x.dtype,
    shape: size,
  });
}

/** A strided part of `x` along some axes: `begin`, exclusive `end` and non-zero `step` of each, as in ONNX. */
export function stridedSlice(
  x: Value,
  axes: readonly number[],
  { begin, end, step }: Readonly<Record<'begin' | 'end' | 'step', readonly number[]>>,
  shape: Shape,
): Value {
  const { graph } = x;
  const inputs = [x, int64s(graph, begin), int64s(graph, end), int64s(graph, axes), int64s(graph, step)];
  return node('Slice', inputs, { dtype: x.dtype, shape });
}

/** Turns the order of the entries along `axes`. */
export function reverse(x: Value, axes: readonly number[]): Value {
  const turned = axes.filter((axis) => (x.shape[axis] ?? 0) > 1);
  if (turned.length === 0) return x;
  const begin = turned.map(() => -1);
  const end = turned.map((axis) => -(x.shape[axis] ?? 0) - 1);
  return stridedSlice(x, turned, { begin, end, step: begin }, x.shape);
}

/** Splits along `axis` into parts of the sizes given. */
export function split(x: Value, sizes: readonly number[], axis: number): readonly Value[] {
  if (sizes.length === 1) return [x];
  const types = sizes.map((part) => ({ dtype: x.dtype, shape: x.shape.map((size, i) => (i === axis ? part : size)) }));
  return x.graph.apply('Split', [x, int64s(x.graph, sizes)], types, { attributes: { axis } });
}

/** Pads every axis by [before, after]: with a constant, or with entries mirrored without ('reflect') their edge. */
export function pad(
  x: Value,
  paddings: readonly (readonly [number, number])[],
  { mode = 'constant', value = 0 }: { readonly mode?: 'constant' | 'reflect'; readonly value?: number } = {},
): Value {
  if (paddings.every(([before, after]) => before === 0 && after === 0)) return x;
  const shape = x.shape.map((size, i) => size + (paddings[i]?.[0] ?? 0) + (paddings[i]?.[1] ?? 0));
  if (sizeOf(x.shape) === 0) return filled(x, shape, value);
  const pads = int64s(x.graph, [...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)]);
  const inputs = mode === 'constant' ? [x, pads, scalar(x.graph, x.dtype, value)] : [x, pads];
  return node('Pad', inputs, { dtype: x.dtype, shape }, { attributes: { mode } });
}

/** Repeats the whole of `x`, `repeats[i]` times along axis i. */
export function tile(x: Value, repeats: readonly number[]): Value {
  const shape = x.shape.map((size, i) => size * (repeats[i] ?? 1));
  if (equalShapes(shape, x.shape)) return x;
  if (repeats.every((repeat, i) => repeat === 1 || x.shape[i] === 1)) return expand(x, shape);
  return node('Tile', [x, int64s(x.graph, repeats)], { dtype: x.dtype, shape });
}
