import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { flattenParams, unflattenParams, type ParamTree } from '@azclip/nn';
import { matchKeys, toOurs, type KeyMap } from '@azclip/weights';
import * as tf from '@tensorflow/tfjs';

const folder = resolve(__dirname, '../../../../shared/golden');

/** Shape by name in a torch state dict. */
type Keys = Readonly<Record<string, readonly number[]>>;

/** Runs `body` with a golden file, or skips it, naming the file, where that is absent. */
export function itWithGolden(file: string, name: string, body: (golden: unknown) => void): void {
  const path = resolve(folder, file);
  if (!existsSync(path)) {
    it.skip(`${name} (missing: ${path})`, () => undefined);
    return;
  }
  it(name, () => {
    body(JSON.parse(readFileSync(path, 'utf8')));
  });
}

/** The parameters `tree` with the values that the formula gives their names in the state dict. */
export function fillByFormula<T extends object>(tree: T, map: KeyMap, keys: Keys): T {
  const own = tree as unknown as ParamTree;
  const targets = Object.fromEntries(Object.entries(flattenParams(own)).map(([name, { shape }]) => [name, shape]));
  const stored = Object.entries(keys).map(([name, shape]) => ({ name, shape }));
  const filled: Record<string, tf.Tensor> = {};
  for (const [name, matches] of matchKeys(map, stored, targets)) {
    const shape = keys[name] ?? [];
    for (const match of matches) {
      const { name: ours, data } = toOurs({ data: formulaTensor(name, shape), shape }, match);
      filled[ours] = tf.tensor(data, [...match.shape]);
    }
  }
  return unflattenParams(own, filled) as unknown as T;
}

/** The numbers of a base64 text of little-endian float32. */
export function decodeFloats(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}

/** Largest difference of two arrays, relative to the largest value of the second. */
export function worstDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  const scale = Math.max(...Array.from(expected, Math.abs));
  return Math.max(...Array.from(expected, (value, i) => Math.abs((actual[i] ?? NaN) - value))) / scale;
}

/** `size` numbers in [−1, 1) that `name` decides: FNV-1a of the name, then the finalizer of MurmurHash3 of a counter. */
export function unitValues(name: string, size: number): Float64Array {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(name, 'utf8')) hash = Math.imul(hash ^ byte, 0x01000193);
  return Float64Array.from({ length: size }, (_, i) => {
    let x = (hash + Math.imul(i, 0x9e3779b1)) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return (((x ^ (x >>> 16)) >>> 0) / 2 ** 32) * 2 - 1;
  });
}

/** Values that the golden files give the tensor `name` of a torch state dict, row-major in torch's own layout. */
export function formulaTensor(name: string, shape: readonly number[]): Float32Array {
  const [offset, factor] = rangeOf(name, shape);
  const size = shape.reduce((a, b) => a * b, 1);
  return Float32Array.from(unitValues(name, size), (u) => offset + factor * u);
}

/** Offset and factor of a tensor's values, by the kinds of tensor that a BERT has. */
function rangeOf(name: string, shape: readonly number[]): [number, number] {
  if (name.includes('embeddings.') && !name.includes('LayerNorm')) return [0, 0.2];
  if (name.endsWith('bias')) return [0, 0.05];
  if (shape.length < 2) return [1, 0.1];
  return [0, Math.sqrt(3 / shape.slice(1).reduce((a, b) => a * b, 1))];
}
