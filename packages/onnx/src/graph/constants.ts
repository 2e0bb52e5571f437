import type { ConstantData, ElementType, Graph, Shape, Value } from './graph.ts';

/** Number of entries of a tensor of `shape`. */
export const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

/** Numbers as the array type of `dtype`. */
export function dataOf(dtype: ElementType, values: readonly number[]): ConstantData {
  if (dtype === 'float32') return Float32Array.from(values);
  if (dtype === 'int32') return Int32Array.from(values);
  if (dtype === 'bool') return Uint8Array.from(values, (value) => (value ? 1 : 0));
  return BigInt64Array.from(values, (value) => BigInt(value));
}

/** A constant of rank 0. */
export const scalar = (graph: Graph, dtype: ElementType, value: number): Value =>
  graph.constant(dtype, [], dataOf(dtype, [value]));

/** A constant of rank 1 and type int64: a shape, axes, or indices. */
export const int64s = (graph: Graph, values: readonly number[]): Value =>
  graph.constant('int64', [values.length], dataOf('int64', values));

/** The number that a constant of one entry holds; undefined for every other value. */
export function scalarOf(value: Value): number | undefined {
  if (value.source.kind !== 'constant' || value.source.data.length !== 1) return undefined;
  return Number(value.source.data[0]);
}

/** Whether the value is the same in every run: a constant, or made of constants alone, as a filter that a batch norm is
 * folded into. */
export const isFixed = ({ source }: Value): boolean =>
  source.kind === 'constant' ||
  (source.kind === 'node' && source.node.inputs.every((input) => input === undefined || isFixed(input)));
