/** Element types of the graphs: those of TF.js, and int64, which ONNX asks for in shapes and indices. */
export type ElementType = 'float32' | 'int32' | 'bool' | 'int64';

/** Sizes of the axes of a value, outermost first. */
export type Shape = readonly number[];

/** What a constant holds; bools are bytes of 0 and 1. */
export type ConstantData = Float32Array | Int32Array | Uint8Array | BigInt64Array;

/** An attribute of an ONNX node: whole numbers are ints, `{ float }` a float even where its value is whole. */
export type Attribute = number | readonly number[] | string | { readonly float: number };

/** Where a value comes from. */
export type ValueSource =
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'constant'; readonly data: ConstantData; readonly name?: string }
  | { readonly kind: 'node'; readonly node: GraphNode };

/** One tensor of a graph, known by type and shape. Immutable. */
export interface Value {
  readonly graph: Graph;
  readonly id: number;
  readonly dtype: ElementType;
  readonly shape: Shape;
  readonly source: ValueSource;
}

/** One ONNX operator application. A missing optional input is `undefined`. */
export interface GraphNode {
  readonly operator: string;
  readonly domain: string;
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly Value[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** Type and shape of an output that a node will have. */
export interface ValueType {
  readonly dtype: ElementType;
  readonly shape: Shape;
}

/** What a node is, beside its inputs and its outputs. */
export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** Operator set; '' (the default) is ONNX's own. */
  readonly domain?: string;
}

/** Constants up to this many entries are shared when their contents are equal: scalars, shapes, axes. */
const sharedConstantSize = 64;

/** A growing ONNX graph. Nodes are pure, so equal applications are made once: every graph is free of common subexpressions. */
export class Graph {
  readonly #nodes: GraphNode[] = [];
  readonly #applications = new Map<string, readonly Value[]>();
  readonly #constants = new Map<string, Value>();
  #nextId = 0;

  /** Nodes in the order they were made, which is a topological one. */
  get nodes(): readonly GraphNode[] {
    return this.#nodes;
  }

  /** A value that is given at run time under `name`. */
  input(name: string, { dtype, shape }: ValueType): Value {
    return this.#value(dtype, shape, { kind: 'input', name });
  }

  /** A value that is part of the graph. @param name - how to call it in a file. */
  constant(dtype: ElementType, shape: Shape, data: ConstantData, name?: string): Value {
    if (name !== undefined) return this.#value(dtype, shape, { kind: 'constant', data, name });
    if (data.length > sharedConstantSize) return this.#value(dtype, shape, { kind: 'constant', data });
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
    const key = `${dtype}[${shape.join()}]${bytes}`;
    const known = this.#constants.get(key);
    if (known) return known;
    const value = this.#value(dtype, shape, { kind: 'constant', data });
    this.#constants.set(key, value);
    return value;
  }

  /** Applies an operator with several outputs. @returns the outputs, of the types given. */
  apply(
    operator: string,
    inputs: readonly (Value | undefined)[],
    types: readonly ValueType[],
    { attributes = {}, domain = '' }: NodeOptions = {},
  ): readonly Value[] {
    const key = keyOf(operator, inputs, types, { attributes, domain });
    const known = this.#applications.get(key);
    if (known) return known;
    const outputs: Value[] = [];
    const node: GraphNode = { operator, domain, inputs, outputs, attributes };
    for (const { dtype, shape } of types) outputs.push(this.#value(dtype, shape, { kind: 'node', node }));
    this.#nodes.push(node);
    this.#applications.set(key, outputs);
    return outputs;
  }

  /** What an operator without attributes has given for `x` alone and of its type, if it has been applied to it. */
  appliedTo(operator: string, x: Value): Value | undefined {
    return this.#applications.get(keyOf(operator, [x], [x], {}))?.[0];
  }

  #value(dtype: ElementType, shape: Shape, source: ValueSource): Value {
    return { graph: this, id: this.#nextId++, dtype, shape, source };
  }
}

/** Equal for equal applications alone. */
function keyOf(
  operator: string,
  inputs: readonly (Value | undefined)[],
  types: readonly ValueType[],
  { attributes = {}, domain = '' }: NodeOptions,
): string {
  const ids = inputs.map((input) => input?.id ?? '').join();
  return `${domain}.${operator}(${ids})${JSON.stringify(attributes)}${String(types.length)}${types[0]?.dtype ?? ''}`;
}

/** Applies an operator with one output. @throws {RangeError} if no input is given: the graph is taken from the inputs. */
export function node(
  operator: string,
  inputs: readonly (Value | undefined)[],
  type: ValueType,
  options?: NodeOptions,
): Value {
  const graph = inputs.find((input) => input !== undefined)?.graph;
  if (!graph) throw new RangeError(`${operator}: expected at least one input`);
  const [output] = graph.apply(operator, inputs, [type], options);
  if (!output) throw new RangeError(`${operator}: expected one output`);
  return output;
}

/** The node that makes `value`, if it is an application of `operator`. */
export function producer(value: Value, operator: string): GraphNode | undefined {
  return value.source.kind === 'node' && value.source.node.operator === operator ? value.source.node : undefined;
}
