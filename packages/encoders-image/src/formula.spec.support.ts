import type { Random } from '@azclip/base';
import { flattenParams, unflattenParams, type ParamTree } from '@azclip/nn';
import { matchKeys, toOurs, type KeyMap } from '@azclip/weights';
import * as tf from '@tensorflow/tfjs';

/** Chance that is none: for parameters that are overwritten. */
export const zeros: Random = { uniform: () => 0.5, normal: () => 0, integer: () => 0, fork: () => zeros };

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

const tables = /class_token|cls_token|pos_embedding|pos_embed|relative_position_bias_table/u;

/** Offset and factor of a tensor's values, by its name in the library. */
function rangeOf(name: string, shape: readonly number[]): [number, number] {
  const last = name.slice(name.lastIndexOf('.') + 1);
  if (last === 'running_mean') return [0, 0.1];
  if (last === 'running_var') return [1, 0.2];
  if (name.includes('layer_scale') || last === 'gamma') return [0.5, 0.1];
  if (tables.test(name)) return [0, 0.2];
  if (last === 'bias' || name.endsWith('_bias')) return [0, 0.05];
  if (shape.length < 2) return [1, 0.1];
  return [0, Math.sqrt(3 / shape.slice(1).reduce((a, b) => a * b, 1))];
}

/** Values of the tensor `name` of a torch state dict, row-major in torch's own layout. */
export function formulaTensor(name: string, shape: readonly number[]): Float32Array {
  const [offset, factor] = rangeOf(name, shape);
  const size = shape.reduce((a, b) => a * b, 1);
  const values = new Float32Array(size);
  for (const [i, u] of unitValues(name, size).entries()) values[i] = offset + factor * u;
  return values;
}

/** Parameters whose values the formula gives, by the names that `map` says they have in the library.
 * @param keys - names and shapes of the library's state dict; each must be known, and each of ours among them. */
export function filledByFormula(
  init: (random: Random) => ParamTree,
  map: KeyMap,
  keys: Readonly<Record<string, readonly number[]>>,
): ParamTree {
  const form = init(zeros);
  const shapes = Object.fromEntries(Object.entries(flattenParams(form)).map(([name, { shape }]) => [name, shape]));
  tf.dispose(flattenParams(form));
  const stored = Object.entries(keys).map(([name, shape]) => ({ name, shape }));
  const filled: Record<string, tf.Tensor> = {};
  for (const [name, matches] of matchKeys(map, stored, shapes)) {
    const shape = keys[name] ?? [];
    for (const match of matches) {
      const { name: ours, data } = toOurs({ data: formulaTensor(name, shape), shape }, match);
      filled[ours] = tf.tensor(data, [...match.shape]);
    }
  }
  return unflattenParams(form, filled);
}
