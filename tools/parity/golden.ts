import { readFileSync } from 'node:fs';

/** A golden file: names and shapes of a state dict, and what the field's library computed with it. */
export interface Golden {
  readonly name: string;
  readonly parameters: number;
  readonly keys: Readonly<Record<string, readonly number[]>>;
  readonly grad_norms: Readonly<Record<string, number>>;
  readonly [result: string]: unknown;
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

/** Largest relative difference of gradient norms. One that is zero but for rounding, such as that of a key's bias, which
 * moves all scores of a query alike, is held against the largest of all. */
export function worstNorm(
  actual: Readonly<Record<string, number>>,
  expected: Readonly<Record<string, number>>,
): number {
  const largest = Math.max(...Object.values(expected));
  const differences = Object.entries(expected).map(
    ([name, norm]) => Math.abs((actual[name] ?? NaN) - norm) / (norm < largest * 1e-6 ? largest : norm),
  );
  return Math.max(...differences);
}
