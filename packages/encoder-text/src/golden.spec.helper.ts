import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { flattenParams, unflattenParams, type ParamTree } from '@azclip/nn';
import type { KeyMap } from '@azclip/weights';
import { formulaWeights } from '@azclip/weights/formula';
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
  const filled: Record<string, tf.Tensor> = {};
  for (const { name, shape, data } of formulaWeights(map, keys, targets)) filled[name] = tf.tensor(data, [...shape]);
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
