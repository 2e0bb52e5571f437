/** Values that follow from the names of tensors: a network filled by them is the same in every library, and no weight file is
 * needed to compare what the libraries compute. This is a door of its own, for tests and tools. */
import type { KeyMap } from './key-maps/key-map.ts';
import { matchKeys, type TargetShapes } from './key-maps/match-keys.ts';
import { toOurs } from './key-maps/read-mapped.ts';
import type { NamedTensor } from './safetensors/dtype.ts';

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
function rangeOf(name: string, shape: readonly number[]): readonly [number, number] {
  const last = name.slice(name.lastIndexOf('.') + 1);
  if (last === 'running_mean') return [0, 0.1];
  if (last === 'running_var') return [1, 0.2];
  if (name.includes('layer_scale') || (last === 'gamma' && !/norm/iu.test(name))) return [0.5, 0.1];
  if (tables.test(name) && !name.includes('LayerNorm')) return [0, 0.2];
  if (last === 'bias' || last === 'beta' || name.endsWith('_bias')) return [0, 0.05];
  if (shape.length < 2) return [1, 0.1];
  return [0, Math.sqrt(3 / shape.slice(1).reduce((a, b) => a * b, 1))];
}

/** Values of the tensor `name` of a torch state dict: moderate ones, so that features neither vanish nor grow.
 * @param shape - in torch's layout.  @returns row-major. */
export function formulaTensor(name: string, shape: readonly number[]): Float32Array {
  const [offset, factor] = rangeOf(name, shape);
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  for (const [i, u] of unitValues(name, values.length).entries()) values[i] = offset + factor * u;
  return values;
}

/** Our tensors, one at a time, with the values that the formula gives what they are in a library.
 * @param keys - names and shapes of the library's state dict; each must be known, and each of ours among them.
 * @param targets - shapes of our tensors by dotted name.
 * @throws {KeyMapError} listing what is missing, unexpected and mis-shaped. */
export function* formulaWeights(
  map: KeyMap,
  keys: Readonly<Record<string, readonly number[]>>,
  targets: TargetShapes,
): Generator<NamedTensor & { readonly data: Float32Array }> {
  const stored = Object.entries(keys).map(([name, shape]) => ({ name, shape }));
  for (const [name, matches] of matchKeys(map, stored, targets)) {
    const shape = keys[name] ?? [];
    const data = formulaTensor(name, shape);
    for (const match of matches) {
      const ours = toOurs({ data, shape }, match);
      yield { ...ours, data: ours.data as Float32Array };
    }
  }
}
