import type { onnx as Proto } from 'onnx-proto';

import { dataType, openModelFile, tensor } from './weights.ts';

/** Smaller constants weigh nothing: shapes, scalars, biases of small layers. */
const FEWEST_ENTRIES = 1024;

/** Stores the large weights of an exported file as float16: half of its size. They become float32 again when the file is
 * loaded, so that it runs everywhere and as fast as the float32 file. */
export function halveWeights(file: Uint8Array): Uint8Array {
  const model = openModelFile(file);
  const added: Proto.ITensorProto[] = [];
  const casts: Proto.INodeProto[] = [];
  const halved = new Set<string>();
  for (const name of new Set(model.nodes.flatMap(({ input }) => input ?? []))) {
    const { shape, data } = model.constant(name) ?? {};
    if (!data || !shape || data.length < FEWEST_ENTRIES) continue;
    added.push(tensor(`${name}.half`, 'float16', shape, halves(data)));
    const attribute = [{ name: 'to', type: 2, i: dataType.float32 }];
    casts.push({ opType: 'Cast', input: [`${name}.half`], output: [`${name}.float`], attribute });
    halved.add(name);
  }
  const renamed = model.nodes.map((node) => ({
    ...node,
    input: (node.input ?? []).map((name) => (halved.has(name) ? `${name}.float` : name)),
  }));
  return model.rebuild([...casts, ...renamed], added);
}

function halves(data: Float32Array): Uint16Array {
  const result = new Uint16Array(data.length);
  for (let i = 0; i < data.length; i += 1) result[i] = toHalf(data[i] ?? 0);
  return result;
}

const bits = new DataView(new ArrayBuffer(4));

/** The nearest float16, as its bits; of two equally near the even one. Beyond its range, the largest.
 * @see IEEE 754-2019, section 3.6 */
export function toHalf(value: number): number {
  bits.setFloat32(0, value);
  const word = bits.getUint32(0);
  const sign = (word >>> 16) & 0x8000;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65_520) return sign | (size === Infinity ? 0x7c00 : 0x7bff);
  if (size < 2 ** -14) return sign | roundToEven(size * 2 ** 24); // subnormal: steps of 2⁻²⁴
  const exponent = ((word >>> 23) & 0xff) - 127;
  return sign | (((exponent + 15) << 10) + roundToEven((size / 2 ** exponent - 1) * 1024)); // a carry raises the exponent
}

function roundToEven(value: number): number {
  const down = Math.floor(value);
  const rest = value - down;
  return rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? down + 1 : down;
}
