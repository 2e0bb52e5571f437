import proto, { type onnx as Proto } from 'onnx-proto';

/** Element types of ONNX files. @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3, TensorProto.DataType */
export const dataType = { float32: 1, uint8: 2, int8: 3, float16: 10 } as const;

/** A matrix of an exported file. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** [rows, columns]. */
  readonly data: Float32Array;
}

/** An exported file taken apart, to be put together again with other nodes. */
export interface OpenedModel {
  readonly nodes: readonly Proto.INodeProto[];
  /** The float32 constant of this name and its shape; undefined where there is none. */
  constant(name: string | undefined): { readonly shape: readonly number[]; readonly data: Float32Array } | undefined;
  /** The file with other nodes, with constants added, and without those that no node asks for. Call it once. */
  rebuild(nodes: readonly Proto.INodeProto[], added: readonly Proto.ITensorProto[]): Uint8Array;
}

/** Opens a file that `exportOnnx` wrote. */
export function openModelFile(file: Uint8Array): OpenedModel {
  const model = proto.onnx.ModelProto.decode(file);
  const { graph } = model;
  if (!graph) throw new TypeError('ONNX file: expected a graph, got none');
  const constants = new Map((graph.initializer ?? []).map((each) => [each.name ?? '', each]));
  const floats = new Map<string, { readonly shape: readonly number[]; readonly data: Float32Array } | undefined>();
  const read = (name: string): { readonly shape: readonly number[]; readonly data: Float32Array } | undefined => {
    const { dataType: type, dims, rawData } = constants.get(name) ?? {};
    if (type !== dataType.float32 || !rawData) return undefined;
    return { shape: (dims ?? []).map(Number), data: new Float32Array(Uint8Array.from(rawData).buffer) };
  };
  return {
    nodes: graph.node ?? [],
    constant(name = '') {
      if (!floats.has(name)) floats.set(name, read(name));
      return floats.get(name);
    },
    rebuild(nodes, added) {
      const asked = new Set(nodes.flatMap(({ input }) => input ?? []));
      const kept = [...constants.values()].filter(({ name }) => asked.has(name ?? ''));
      const imports = model.opsetImport.filter(({ domain }) => domain !== 'com.microsoft');
      const isAsked = nodes.some(({ domain }) => domain === 'com.microsoft');
      const opsetImport = [...imports, ...(isAsked ? [{ domain: 'com.microsoft', version: 1 }] : [])];
      const rebuilt = Object.assign(graph, { node: [...nodes], initializer: [...kept, ...added] });
      return proto.onnx.ModelProto.encode(Object.assign(model, { opsetImport, graph: rebuilt })).finish();
    },
  };
}

/** A constant for a file. */
export function tensor(
  name: string,
  type: keyof typeof dataType,
  dims: readonly number[],
  { buffer, byteOffset, byteLength }: ArrayBufferView,
): Proto.ITensorProto {
  return { name, dataType: dataType[type], dims: [...dims], rawData: new Uint8Array(buffer, byteOffset, byteLength) };
}
