import proto, { type onnx as Proto } from 'onnx-proto';

import type { Attribute, ElementType, GraphNode, Value, ValueType } from './graph.ts';

/** Newest operator set used; LayerNormalization is of 17, axes of ReduceMax as an input of 18, Gelu of 20. */
const operatorSet = 21;
const operatorSets = [
  { domain: '', version: operatorSet },
  { domain: 'com.microsoft', version: 1 },
];
/** The file format version that goes with operator set 21. */
const irVersion = 10;

const elementTypes: Readonly<Record<ElementType, number>> = { float32: 1, int32: 6, int64: 7, bool: 9 };

/** An output of a model by its name. */
export interface NamedValue {
  readonly name: string;
  readonly value: Value;
}

/** An input of a model; axes may be symbolic. */
export interface DeclaredInput {
  readonly name: string;
  readonly dtype: ElementType;
  readonly shape: readonly (number | string)[];
}

/** What `encodeModel` writes. */
export interface ModelDescription {
  readonly inputs: readonly DeclaredInput[];
  readonly outputs: readonly NamedValue[];
  /** Shapes to declare for the outputs, by name, where they are not those of the values. */
  readonly outputShapes?: Readonly<Record<string, readonly (number | string)[]>>;
  /** Names of further outputs, before the others, that are empty sequences of tensors: see `Session.runInto`. */
  readonly emptySequences?: readonly string[];
}

/** Nodes that `outputs` need, in topological order. */
export function liveNodes(outputs: readonly Value[]): readonly GraphNode[] {
  const live = new Set<GraphNode>();
  const pending = [...outputs];
  for (let value = pending.pop(); value; value = pending.pop()) {
    if (value.source.kind !== 'node' || live.has(value.source.node)) continue;
    live.add(value.source.node);
    for (const input of value.source.node.inputs) if (input) pending.push(input);
  }
  return outputs[0]?.graph.nodes.filter((candidate) => live.has(candidate)) ?? [];
}

function encodeAttribute(name: string, value: Attribute): Proto.IAttributeProto {
  const { AttributeType } = proto.onnx.AttributeProto;
  if (typeof value === 'number') return { name, type: AttributeType.INT, i: value };
  if (typeof value === 'string') return { name, type: AttributeType.STRING, s: Buffer.from(value) };
  if ('float' in value) return { name, type: AttributeType.FLOAT, f: value.float };
  return { name, type: AttributeType.INTS, ints: [...value] };
}

/** Names values for the encoder: inputs keep theirs, outputs get the one of the model, the others operator and number. */
function nameValues(outputs: readonly NamedValue[]): (value: Value) => string {
  const outputNames = new Map(outputs.map(({ name, value }) => [value, name]));
  return (value) => {
    const { source } = value;
    if (source.kind === 'input') return source.name;
    if (source.kind === 'constant' && source.name !== undefined) return source.name;
    const kind = source.kind === 'constant' ? 'constant' : source.node.operator;
    return outputNames.get(value) ?? `${kind}_${String(value.id)}`;
  };
}

const valueInfo = (name: string, dtype: ElementType, shape: readonly (number | string)[]): Proto.IValueInfoProto => ({
  name,
  type: {
    tensorType: {
      elemType: elementTypes[dtype],
      shape: { dim: shape.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size })) },
    },
  },
});

const sequenceOfFloats: Proto.ITypeProto = {
  sequenceType: { elemType: { tensorType: { elemType: elementTypes.float32 } } },
};

function initializer(name: string, { dtype, shape, source }: Value): Proto.ITensorProto {
  if (source.kind !== 'constant') throw new TypeError(`${name}: expected a constant`);
  const { buffer, byteOffset, byteLength } = source.data;
  return {
    name,
    dataType: elementTypes[dtype],
    dims: [...shape],
    rawData: new Uint8Array(buffer, byteOffset, byteLength),
  };
}

/** Nodes, and copies of values under further names, in the order that ONNX Runtime runs best. It computes what no node needs
 * from the last to the first, each with all that it needs itself; so that comes at the end, the first of it last. A training step
 * then has the gradients of a layer before it goes on to the layer below, and keeps nothing that they are made of
 * (docs/decisions/0148). */
function encodeNodes(
  nodes: readonly GraphNode[],
  copies: readonly NamedValue[],
  nameOf: (value: Value) => string,
): readonly Proto.INodeProto[] {
  const needed = new Set([...nodes.flatMap(({ inputs }) => inputs), ...copies.map(({ value }) => value)]);
  const isLast = ({ outputs }: GraphNode): boolean => !outputs.some((output) => needed.has(output));
  const encode = (node: GraphNode): Proto.INodeProto => ({
    opType: node.operator,
    domain: node.domain,
    input: node.inputs.map((value) => (value ? nameOf(value) : '')),
    output: node.outputs.map(nameOf),
    attribute: Object.entries(node.attributes).map(([name, value]) => encodeAttribute(name, value)),
  });
  const copy = ({ name, value }: NamedValue) => ({
    made: value.id,
    proto: { opType: 'Identity', input: [nameOf(value)], output: [name] },
  });
  const last = [
    ...nodes.filter(isLast).map((node) => ({ made: node.outputs[0]?.id ?? 0, proto: encode(node) })),
    ...copies.map(copy),
  ];
  const fromLast = last.sort((a, b) => b.made - a.made).map(({ proto }) => proto);
  return [...nodes.filter((node) => !isLast(node)).map(encode), ...fromLast];
}

/** Encodes the part of a graph that `outputs` need as an ONNX file.
 * Outputs are copied by Identity nodes where they are inputs, constants, or one value under two names. */
export function encodeModel({ inputs, outputs, outputShapes = {}, emptySequences = [] }: ModelDescription): Uint8Array {
  const own = outputs.filter(
    ({ value }, i) => value.source.kind === 'node' && outputs.findIndex((other) => other.value === value) === i,
  );
  const nameOf = nameValues(own);
  const nodes = liveNodes(outputs.map(({ value }) => value));
  const constants = new Set(
    [...nodes.flatMap((node) => node.inputs), ...outputs.map(({ value }) => value)].filter(
      (value): value is Value => value?.source.kind === 'constant',
    ),
  );
  const copies = outputs.filter((output) => !own.includes(output));
  const message: Proto.IModelProto = {
    irVersion,
    producerName: 'azclip',
    opsetImport: operatorSets.filter(({ domain }) => domain === '' || nodes.some((node) => node.domain === domain)),
    graph: {
      name: 'azclip',
      node: [
        ...emptySequences.map((name) => ({ opType: 'SequenceEmpty', output: [name] })),
        ...encodeNodes(nodes, copies, nameOf),
      ],
      initializer: [...constants].map((value) => initializer(nameOf(value), value)),
      input: inputs.map(({ name, dtype, shape }) => valueInfo(name, dtype, shape)),
      output: [
        ...emptySequences.map((name) => ({ name, type: sequenceOfFloats })),
        ...outputs.map(({ name, value }) => valueInfo(name, value.dtype, outputShapes[name] ?? value.shape)),
      ],
    },
  };
  return proto.onnx.ModelProto.encode(message).finish();
}

/** Type of a value as a declaration. */
export const typeOf = ({ dtype, shape }: Value): ValueType => ({ dtype, shape });
