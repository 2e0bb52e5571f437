/** Values filled by formula, as the golden files of the field's libraries were made: no weight file is needed. */

/** `size` numbers in [−1, 1) that `name` decides: FNV-1a of the name, then the finalizer of MurmurHash3 of a counter. */
export function unitValues(name: string, size: number): Float64Array {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(name, 'utf8')) hash = Math.imul(hash ^ byte, 0x01000193);
  const values = new Float64Array(size);
  for (let i = 0; i < size; i += 1) {
    let x = (hash + Math.imul(i, 0x9e3779b1)) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    values[i] = (((x ^ (x >>> 16)) >>> 0) / 2 ** 32) * 2 - 1;
  }
  return values;
}

const tables = /class_token|cls_token|pos_embedding|pos_embed|relative_position_bias_table|embeddings\./u;

/** Offset and factor of the values of the tensor `name` of a torch state dict. */
function rangeOf(name: string, shape: readonly number[]): [number, number] {
  const last = name.slice(name.lastIndexOf('.') + 1);
  if (last === 'running_mean') return [0, 0.1];
  if (last === 'running_var') return [1, 0.2];
  if (name.includes('layer_scale') || (last === 'gamma' && !/norm/iu.test(name))) return [0.5, 0.1];
  if (tables.test(name) && !name.includes('LayerNorm')) return [0, 0.2];
  if (last === 'bias' || last === 'beta' || name.endsWith('_bias')) return [0, 0.05];
  if (shape.length < 2) return [1, 0.1];
  return [0, Math.sqrt(3 / shape.slice(1).reduce((a, b) => a * b, 1))];
}

/** Values that the golden files give the tensor `name` of a torch state dict, row-major in torch's own layout. */
export function formulaTensor(name: string, shape: readonly number[]): Float32Array {
  const [offset, factor] = rangeOf(name, shape);
  const size = shape.reduce((a, b) => a * b, 1);
  return Float32Array.from(unitValues(name, size), (u) => offset + factor * u);
}
