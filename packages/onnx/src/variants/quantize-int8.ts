import type { onnx as Proto } from 'onnx-proto';

import { dataType, openModelFile, tensor, type Matrix, type OpenedModel } from './weights.ts';

/** Smaller constants weigh nothing, and lose as much. */
const FEWEST_ENTRIES = 1024;

/** Largest weight of a product, in steps: 7 bits. ONNX Runtime's kernel for AVX2 adds pairs of uint8 × int8 in 16 bits, and
 * 2 · 255 · 63 = 32,130 is the most that these hold; 8 bits saturate (docs/decisions/0071, 0155). */
const PRODUCT_STEPS = 63;

/** Largest number of a table, in steps. */
const TABLE_STEPS = 127;

interface Rewriting {
  readonly node: readonly Proto.INodeProto[];
  readonly added: readonly Proto.ITensorProto[];
}

/** Stores the large weights of an exported file in bytes: a quarter of its size.
 * Products with a constant matrix become integer products — the other factor is brought to 8 bits while running, one scale
 * a run; the matrix has 7 bits and a scale a column — and tables that are looked up keep 8 bits and a scale a row.
 * Everything else stays float32.
 * @see Jacob et al. 2018 — https://arxiv.org/abs/1712.05877 */
export function quantizeInt8(file: Uint8Array): Uint8Array {
  const model = openModelFile(file);
  const names = new Map<string, readonly Proto.ITensorProto[]>(); // constants made already, by the float32 one's name
  const nodes: Proto.INodeProto[] = [];
  const added: Proto.ITensorProto[] = [];
  for (const node of withBiases(model)) {
    const rewriting = product(model, node, names) ?? lookup(model, node, names);
    nodes.push(...(rewriting?.node ?? [node]));
    added.push(...(rewriting?.added ?? []));
  }
  return model.rebuild(nodes, added);
}

/** The nodes, products together with the constant row that alone is added to them. */
function withBiases(model: OpenedModel): readonly Proto.INodeProto[] {
  const readers = new Map<string, Proto.INodeProto[]>();
  for (const node of model.nodes) {
    for (const name of node.input ?? []) readers.set(name, [...(readers.get(name) ?? []), node]);
  }
  const joined = new Map<Proto.INodeProto, Proto.INodeProto>(); // product → product with bias
  const gone = new Set<Proto.INodeProto>();
  for (const node of model.nodes) {
    const [output = ''] = node.output ?? [];
    const [sum, ...others] = readers.get(output) ?? [];
    const [first = '', second = ''] = sum?.input ?? [];
    const bias = first === output ? second : first;
    const columns = matrix(model, node.input?.[1] ?? '')?.columns;
    const isBias = columns !== undefined && model.constant(bias)?.shape.join() === String(columns);
    if (node.input?.length !== 2 || sum?.opType !== 'Add' || others.length > 0 || !isBias || !isPlainProduct(node))
      continue;
    joined.set(node, { ...node, input: [...node.input, bias], output: sum.output ?? [] });
    gone.add(sum);
  }
  return model.nodes.filter((node) => !gone.has(node)).map((node) => joined.get(node) ?? node);
}

/** `x · W + b` as an integer product. */
function product(
  model: OpenedModel,
  node: Proto.INodeProto,
  known: Map<string, readonly Proto.ITensorProto[]>,
): Rewriting | undefined {
  const [x = '', weightName = '', biasName] = node.input ?? [];
  const weight = matrix(model, weightName);
  if (!weight || !isPlainProduct(node) || (biasName && model.constant(biasName)?.shape.length !== 1)) return undefined;
  const { rows, columns, data } = weight;
  const isNew = !known.has(weightName);
  const stored =
    known.get(weightName) ??
    quantized(weightName, {
      values: data,
      shape: [rows, columns],
      groups: columns,
      groupOf: (i) => i % columns,
      steps: PRODUCT_STEPS,
    });
  known.set(weightName, stored);
  const input = [x, ...stored.map(({ name }) => name ?? ''), '', ...(biasName ? [biasName] : [])]; // '': zero is 0
  const integer = { opType: 'DynamicQuantizeMatMul', domain: 'com.microsoft', input, output: node.output ?? [] };
  return { node: [integer], added: isNew ? stored : [] };
}

/** Rows of a table by number: 8 bits a number and a scale a row. */
function lookup(
  model: OpenedModel,
  node: Proto.INodeProto,
  known: Map<string, readonly Proto.ITensorProto[]>,
): Rewriting | undefined {
  const [tableName = '', ids = ''] = node.input ?? [];
  const table = matrix(model, tableName);
  if (node.opType !== 'Gather' || !table || attribute(node, 'axis') > 0) return undefined;
  const { rows, columns, data } = table;
  const isNew = !known.has(tableName);
  const stored =
    known.get(tableName) ??
    quantized(tableName, {
      values: data,
      shape: [rows, columns],
      groups: rows,
      groupOf: (i) => Math.floor(i / columns),
      steps: TABLE_STEPS,
      scaleShape: [rows, 1],
    });
  known.set(tableName, stored);
  const [output = ''] = node.output ?? [];
  const part = (name: string): string => `${output}.${name}`;
  const [bytes = '', scales = ''] = stored.map(({ name }) => name ?? '');
  const cast = [{ name: 'to', type: 2, i: dataType.float32 }];
  const nodes: Proto.INodeProto[] = [
    { opType: 'Gather', input: [bytes, ids], output: [part('bytes')] },
    { opType: 'Gather', input: [scales, ids], output: [part('scales')] },
    { opType: 'Cast', input: [part('bytes')], output: [part('steps')], attribute: cast },
    { opType: 'Mul', input: [part('steps'), part('scales')], output: [output] },
  ];
  return { node: nodes, added: isNew ? stored : [] };
}

interface Quantizing {
  readonly values: Float32Array;
  readonly shape: readonly number[];
  /** Number of scales. */
  readonly groups: number;
  /** Number of the scale of an entry. */
  readonly groupOf: (entry: number) => number;
  /** What the largest of a group becomes. */
  readonly steps: number;
  readonly scaleShape?: readonly number[];
}

/** Bytes and scales of a constant. */
function quantized(
  name: string,
  { values, shape, groups, groupOf, steps, scaleShape = [groups] }: Quantizing,
): Proto.ITensorProto[] {
  const scales = new Float32Array(groups);
  for (let i = 0; i < values.length; i += 1) {
    const group = groupOf(i);
    scales[group] = Math.max(scales[group] ?? 0, Math.abs(values[i] ?? 0) / steps);
  }
  const bytes = new Int8Array(values.length);
  for (let i = 0; i < values.length; i += 1) bytes[i] = Math.round((values[i] ?? 0) / (scales[groupOf(i)] || 1));
  return [tensor(`${name}.int8`, 'int8', shape, bytes), tensor(`${name}.scale`, 'float32', scaleShape, scales)];
}

function matrix(model: OpenedModel, name: string): Matrix | undefined {
  const { shape, data } = model.constant(name) ?? {};
  if (!data || shape?.length !== 2 || data.length < FEWEST_ENTRIES) return undefined;
  const [rows = 0, columns = 0] = shape;
  return { rows, columns, data };
}

/** MatMul, or Gemm that neither turns nor scales its factors. */
function isPlainProduct(node: Proto.INodeProto): boolean {
  if (node.opType === 'MatMul') return true;
  const scale = (name: string): number => node.attribute?.find((each) => each.name === name)?.f ?? 1;
  const turns = attribute(node, 'transA') + attribute(node, 'transB');
  return node.opType === 'Gemm' && turns === 0 && scale('alpha') === 1 && scale('beta') === 1;
}

const attribute = (node: Proto.INodeProto, name: string): number =>
  Number(node.attribute?.find((each) => each.name === name)?.i ?? 0);
