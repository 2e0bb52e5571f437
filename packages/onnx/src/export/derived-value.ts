import { int64s, scalar } from '../graph/constants.ts';
import { node, type ElementType, type Graph, type Value } from '../graph/graph.ts';
import type { SizeFormula } from './size-formula.ts';

/** Where the size of a symbolic axis can be read at run time. */
export interface AxisOrigin {
  readonly input: Value;
  readonly axis: number;
}

/** Writes nodes that compute sizes from the shapes of the inputs. */
export interface SizeWriter {
  readonly graph: Graph;
  readonly origins: ReadonlyMap<string, AxisOrigin>;
}

const vectorOfOne = { dtype: 'int64', shape: [1] } as const;

/** The size of an axis, int64 [1]. */
function axisSize({ origins }: SizeWriter, name: string): Value {
  const origin = origins.get(name);
  if (!origin) throw new TypeError(`axis "${name}": expected it on an input`);
  const { input, axis } = origin;
  return node('Shape', [input], vectorOfOne, { attributes: { start: axis, end: axis + 1 } });
}

/** A whole number of a formula, int64 [1]. */
export function wholeValue(writer: SizeWriter, { factor, exponents, offset }: SizeFormula): Value {
  const sizes = Object.entries(exponents).flatMap(([name, exponent]) =>
    Array.from({ length: exponent }, () => axisSize(writer, name)),
  );
  const constant = (value: number) => int64s(writer.graph, [value]);
  const product = sizes.reduce((partial, size) => node('Mul', [partial, size], vectorOfOne), constant(factor));
  return offset === 0 ? product : node('Add', [product, constant(offset)], vectorOfOne);
}

/** A float of a formula, float32 of the shape given. */
export function floatValue(
  writer: SizeWriter,
  { factor, exponents, offset }: SizeFormula,
  shape: readonly number[],
): Value {
  const { graph } = writer;
  const type = { dtype: 'float32', shape: [1] } as const;
  const powers = Object.entries(exponents).flatMap(([name, exponent]) => {
    const size = node('Cast', [axisSize(writer, name)], type, { attributes: { to: 1 } });
    return Array.from({ length: Math.abs(exponent) }, () => [exponent > 0 ? 'Mul' : 'Div', size] as const);
  });
  const start = graph.constant('float32', [1], Float32Array.of(factor));
  const product = powers.reduce((partial, [operator, size]) => node(operator, [partial, size], type), start);
  const result =
    offset === 0 ? product : node('Add', [product, graph.constant('float32', [1], Float32Array.of(offset))], type);
  return node('Reshape', [result, int64s(graph, shape)], { dtype: 'float32', shape });
}

/** first, first + step, …: `count` numbers in a tensor of `shape`, of which one axis, −1, has that size. */
export function rangeValue(
  writer: SizeWriter,
  dtype: ElementType,
  { first, step, count }: { readonly first: number; readonly step: number; readonly count: SizeFormula },
  shape: readonly number[],
): Value {
  const { graph } = writer;
  const length = node('Squeeze', [wholeValue(writer, count)], { dtype: 'int64', shape: [] });
  const indices = node('Range', [scalar(graph, 'int64', 0), length, scalar(graph, 'int64', 1)], {
    dtype: 'int64',
    shape: [1],
  });
  const to = dtype === 'float32' ? 1 : 6;
  const typed = node('Cast', [indices], { dtype, shape: [1] }, { attributes: { to } });
  const spread = node('Mul', [typed, scalar(graph, dtype, step)], { dtype, shape: [1] });
  const values = node('Add', [spread, scalar(graph, dtype, first)], { dtype, shape: [1] });
  return node('Reshape', [values, int64s(graph, shape)], { dtype, shape });
}
