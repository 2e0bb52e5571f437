import onnxProto from 'onnx-proto';

/** ONNX element types that the graphs of this package use. */
const elementType = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7 } as const;

/** A graph input or output; a string axis is symbolic. */
export interface GraphValue {
  readonly name: string;
  readonly type: keyof typeof elementType;
  readonly shape: readonly (number | string)[];
}

/** A constant of the graph. */
export interface GraphConstant {
  readonly name: string;
  readonly type: keyof typeof elementType;
  readonly shape: readonly number[];
  readonly data: Float32Array | Int8Array | Uint8Array | Int32Array | BigInt64Array;
}

/** One operation. */
export interface GraphNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

/** A whole graph, nodes in the order of their running. */
export interface Graph {
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  readonly constants: readonly GraphConstant[];
  readonly nodes: readonly GraphNode[];
}

/** Encodes a small ONNX graph (opset 17, integer attributes only) into the bytes of a `.onnx` file. */
export function encodeGraph(graph: Graph): Uint8Array {
  const { ModelProto } = onnxProto.onnx;
  const model = ModelProto.create({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'retrieval',
      input: graph.inputs.map(valueInfo),
      output: graph.outputs.map(valueInfo),
      initializer: graph.constants.map(({ name, type, shape, data }) => ({
        name,
        dataType: elementType[type],
        dims: [...shape],
        rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      })),
      node: graph.nodes.map(({ op, inputs, outputs, attributes }) => ({
        opType: op,
        input: [...inputs],
        output: [...outputs],
        attribute: Object.entries(attributes ?? {}).map(([name, value]) =>
          typeof value === 'number' ? { name, type: 2, i: value } : { name, type: 7, ints: [...value] },
        ),
      })),
    },
  });
  return ModelProto.encode(model).finish();
}

function valueInfo({ name, type, shape }: GraphValue): object {
  const dim = shape.map((axis) => (typeof axis === 'number' ? { dimValue: axis } : { dimParam: axis }));
  return { name, type: { tensorType: { elemType: elementType[type], shape: { dim } } } };
}
