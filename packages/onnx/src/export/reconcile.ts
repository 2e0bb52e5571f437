import { int64s } from '../graph/constants.ts';
import { liveNodes } from '../graph/encode.ts';
import { node, type GraphNode, type Value } from '../graph/graph.ts';
import { floatValue, rangeValue, wholeValue, type SizeWriter } from './derived-value.ts';
import { fitSizeFormula, type AxisSizes } from './size-formula.ts';

/** Thrown when a function does something else for other sizes of its symbolic axes, so that no one graph is right for all. */
export class IrreconcilableTraceError extends Error {
  override readonly name = 'IrreconcilableTraceError';
}

/** The same value in every trace. */
type Aligned = readonly Value[];

const sameNumbers = (lists: readonly ArrayLike<number | bigint>[]): boolean =>
  lists.every(
    (list) => list.length === lists[0]?.length && Array.from(list).every((entry, i) => Object.is(entry, lists[0]?.[i])),
  );

const describe = (values: Aligned): string =>
  values.map(({ dtype, shape }) => `${dtype} [${shape.join(', ')}]`).join(' / ');

/** Data of constants; the traces must agree that the value is one. */
function constantData(values: Aligned): ArrayLike<number | bigint>[] {
  return values.map(({ source }) => {
    if (source.kind === 'constant') return source.data;
    throw new IrreconcilableTraceError(
      `expected the same operations for all sizes, got a constant for some only: ${describe(values)}`,
    );
  });
}

/** The start and step of numbers at even distances. */
function progression(data: ArrayLike<number | bigint>): { readonly first: number; readonly step: number } | undefined {
  const [first = 0, second = 0] = Array.from(data, Number);
  const step = second - first;
  return Array.from(data, Number).every((value, i) => value === first + i * step) ? { first, step } : undefined;
}

/** Merges traces of one function at several sizes into one graph whose constants follow the sizes. */
export class Reconciler {
  readonly #writer: SizeWriter;
  readonly #sizes: readonly AxisSizes[];
  readonly #merged = new Map<Value, Value>();

  /** @param inputs - inputs of the merged graph by the input of the first trace that they stand for. */
  constructor(writer: SizeWriter, sizes: readonly AxisSizes[], inputs: ReadonlyMap<Value, Value>) {
    this.#writer = writer;
    this.#sizes = sizes;
    for (const [traced, merged] of inputs) this.#merged.set(traced, merged);
  }

  /** The merged values of `outputs`: for every output, its value in each trace. */
  merge(outputs: readonly Aligned[]): readonly Value[] {
    const traces = this.#sizes.map((_, i) => liveNodes(outputs.map((values) => values[i] as Value)));
    const [first = []] = traces;
    if (traces.some(({ length }) => length !== first.length)) {
      const counts = traces.map(({ length }) => String(length)).join(', ');
      throw new IrreconcilableTraceError(`expected the same operations for all sizes, got ${counts} of them`);
    }
    for (const i of first.keys()) this.#mergeNode(traces.map((nodes) => nodes[i] as GraphNode));
    return outputs.map((values) => this.#mergeValue(values));
  }

  #mergeNode(nodes: readonly GraphNode[]): void {
    const [first] = nodes as readonly [GraphNode];
    const kinds = new Set(
      nodes.map(({ operator, attributes, inputs }) => JSON.stringify([operator, attributes, inputs.length])),
    );
    if (kinds.size > 1)
      throw new IrreconcilableTraceError(`expected one operation for all sizes, got ${[...kinds].join(' / ')}`);
    const inputs = first.inputs.map((input, i) => (input ? this.#mergeInput(nodes, i) : undefined));
    const { attributes, domain } = first;
    const outputs = this.#writer.graph.apply(first.operator, inputs, first.outputs, { attributes, domain });
    for (const [i, output] of first.outputs.entries()) this.#merged.set(output, outputs[i] as Value);
  }

  /** Operand `index`. The shape of a Reshape with one varying size leaves that to ONNX: as 0 where it is the first size of
   * what is reshaped, so that its name goes on through the graph, else as −1. */
  #mergeInput(nodes: readonly GraphNode[], index: number): Value {
    const operand = (i: number): Aligned => nodes.map(({ inputs }) => inputs[i] as Value);
    const values = operand(index);
    const [first] = values as readonly [Value];
    if (nodes[0]?.operator === 'Reshape' && index === 1 && first.source.kind === 'constant') {
      const shapes = constantData(values).map((each) => Array.from(each, Number));
      const [sizes = []] = shapes;
      const varying = sizes.flatMap((size, axis) => (shapes.some((each) => each[axis] !== size) ? [axis] : []));
      const [only = 0, ...others] = varying;
      if (varying.length > 0 && others.length === 0 && !sizes.includes(0)) {
        const isKept = only === 0 && operand(0).every(({ shape }, i) => shape[0] === shapes[i]?.[0]);
        return int64s(
          this.#writer.graph,
          sizes.map((size, axis) => (axis === only ? (isKept ? 0 : -1) : size)),
        );
      }
    }
    return this.#mergeValue(values);
  }

  #mergeValue(values: Aligned): Value {
    const [first] = values as readonly [Value];
    const known = this.#merged.get(first);
    if (known) return known;
    const merged = this.#mergeConstant(values, first);
    this.#merged.set(first, merged);
    return merged;
  }

  #mergeConstant(values: Aligned, { dtype, shape, source }: Value): Value {
    const data = constantData(values);
    const sameShape = sameNumbers(values.map((value) => value.shape));
    if (sameShape && sameNumbers(data) && source.kind === 'constant') {
      return this.#writer.graph.constant(dtype, shape, source.data, source.name);
    }
    if (sameShape && dtype === 'int64') return this.#sizes64(data);
    const scalarFormula =
      sameShape && data[0]?.length === 1
        ? this.#fit(
            data.map((each) => Number(each[0])),
            false,
          )
        : undefined;
    if (scalarFormula && dtype === 'float32') return floatValue(this.#writer, scalarFormula, shape);
    return this.#range(values, data);
  }

  #fit(values: readonly number[], whole: boolean) {
    return fitSizeFormula(this.#sizes, values, whole);
  }

  /** A vector of sizes or indices, some of which follow the axes. */
  #sizes64(data: readonly ArrayLike<number | bigint>[]): Value {
    const parts = Array.from(data[0] ?? [], (_, i) => {
      const entries = data.map((each) => Number(each[i]));
      const formula = this.#fit(entries, true);
      if (!formula)
        throw new IrreconcilableTraceError(
          `expected a size that follows the symbolic axes, got ${entries.join(' / ')}`,
        );
      return wholeValue(this.#writer, formula);
    });
    const [first] = parts as [Value];
    if (parts.length === 1) return first;
    return node('Concat', parts, { dtype: 'int64', shape: [parts.length] }, { attributes: { axis: 0 } });
  }

  /** Numbers at even distances, as many as an axis is long: positions. */
  #range(values: Aligned, data: readonly ArrayLike<number | bigint>[]): Value {
    const [first] = values as readonly [Value];
    const starts = data.map(progression);
    const count = this.#fit(data.map(({ length }) => length), true); // prettier-ignore
    const [start] = starts;
    const isOne = starts.every((each) => each && each.first === start?.first && each.step === start.step);
    const varying = first.shape.filter((size) => size === data[0]?.length);
    if (!start || !isOne || !count || varying.length !== 1) {
      throw new IrreconcilableTraceError(
        `expected constants that do not depend on the symbolic axes, got ${describe(values)}`,
      );
    }
    const shape = first.shape.map((size) => (size === data[0]?.length ? -1 : size));
    return rangeValue(this.#writer, first.dtype, { ...start, count }, shape);
  }
}
