import { readFileSync } from 'node:fs';

import type { Random } from '@azclip/base';
import type { HostTensor } from '@azclip/onnx';
import type { KeyMap } from '@azclip/weights';
import { formulaWeights } from '@azclip/weights/formula';

/** A golden file: names and shapes of a state dict, and what the field's library computed with it. */
export interface Golden {
  readonly name: string;
  readonly parameters: number;
  readonly keys: Readonly<Record<string, readonly number[]>>;
  readonly [result: string]: unknown;
}

/** One comparison with a golden file. */
export interface Comparison {
  readonly what: string;
  /** Difference from the golden values, in the terms that `limit` is in. */
  readonly worst: number;
  /** Largest difference that counts as equal; undefined for a figure that is printed for information. */
  readonly limit?: number;
}

/** Folder of the golden files, beside the repository. */
export const goldenFolder = new URL('../../../shared/golden/', import.meta.url);

/** Reads one golden file. @throws the file system's error where it is absent. */
export const readGolden = (file: string): Golden =>
  JSON.parse(readFileSync(new URL(file, goldenFolder), 'utf8')) as Golden;

/** The numbers of a base64 text of little-endian float32. */
export function decodeFloats(text: unknown): Float32Array {
  const bytes = Buffer.from(String(text), 'base64');
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}

/** Largest difference of two arrays, relative to the largest value of the second. */
export function worstDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  const scale = Math.max(...Array.from(expected, Math.abs));
  return Math.max(...Array.from(expected, (value, i) => Math.abs((actual[i] ?? NaN) - value))) / scale;
}

/** How gradient norms differ: as a share of the largest of them, which is the measure, and each as a share of itself, for
 * information: deep networks cannot keep that in float32 (docs/decisions/0090). Norms that are zero but for rounding, such as
 * that of a key's bias, which moves all scores of a query alike, count in the first alone. */
export function normComparisons(
  actual: Readonly<Record<string, number>>,
  expected: Readonly<Record<string, number>>,
): readonly Comparison[] {
  const largest = Math.max(...Object.values(expected));
  const differences = Object.entries(expected).map(([name, norm]) => ({
    norm,
    difference: Math.abs((actual[name] ?? NaN) - norm),
  }));
  const byItself = differences.filter(({ norm }) => norm > largest * 1e-6);
  return [
    { what: 'gradient norms', worst: Math.max(...differences.map((each) => each.difference)) / largest, limit: 1e-3 },
    { what: '… each by itself', worst: Math.max(...byItself.map((each) => each.difference / each.norm)) },
  ];
}

/** Our parameters, filled by the formula of their names in the library. @param shapes - of ours, by dotted name. */
export function formulaParams(
  map: KeyMap,
  { keys }: Golden,
  shapes: Readonly<Record<string, readonly number[]>>,
): Record<string, HostTensor> {
  const params: Record<string, HostTensor> = {};
  for (const { name, shape, data } of formulaWeights(map, keys, shapes))
    params[name] = { dtype: 'float32', shape, data };
  return params;
}

/** For parameters that are overwritten: nothing is gained by drawing them. */
export const zeros: Random = { uniform: () => 0.5, normal: () => 0, integer: () => 0, fork: () => zeros };
