import { InputError } from '@azclip/base';
import { z } from 'zod';

import { bytesOf, type StoredDtype, storedDtypes } from './dtype.ts';

/** A file that is not the safetensors it should be; the message names file and key. */
export class SafetensorsError extends InputError {
  override readonly name: string = 'SafetensorsError';
}

/** One entry of a header. */
export interface StoredTensor {
  readonly name: string;
  readonly dtype: StoredDtype;
  readonly shape: readonly number[];
  /** First byte of the values, counted from the start of the file. */
  readonly begin: number;
  /** First byte after the values. */
  readonly end: number;
}

/** What stands before the values in a safetensors file. */
export interface SafetensorsHeader {
  /** Free text by key. */
  readonly metadata: Readonly<Record<string, string>>;
  /** In the order of their bytes. */
  readonly tensors: readonly StoredTensor[];
}

/** Longest header that is read: the limit of the format's reference implementation. */
export const maxHeaderBytes = 100_000_000;

const count = z.number().int().nonnegative();
const entrySchema = z.object({
  dtype: z.enum(storedDtypes),
  shape: z.array(count),
  data_offsets: z.tuple([count, count]),
});
const metadataSchema = z.record(z.string(), z.string());

/** Reads and checks a header: every length and offset against the others and against the file.
 * @param text - the JSON.  @param dataStart - the byte where values start.  @param fileBytes - size of the file.
 * @throws {SafetensorsError} naming `path` and the key. */
export function parseHeader(path: string, text: string, dataStart: number, fileBytes: number): SafetensorsHeader {
  const fail = (what: string): never => {
    throw new SafetensorsError(`${path}: ${what}`);
  };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    fail('expected a JSON header, got something else');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) fail('expected a JSON object as header');
  const tensors: StoredTensor[] = [];
  let metadata: Record<string, string> = {};
  for (const [name, entry] of Object.entries(json as object)) {
    const place = `${path}: ${JSON.stringify(name)}`;
    if (name === '__metadata__') metadata = check(metadataSchema, entry, place);
    else tensors.push(storedTensor(name, check(entrySchema, entry, place), place, dataStart));
  }
  tensors.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCoverage(path, tensors, dataStart, fileBytes);
  return { metadata, tensors };
}

function check<T>(schema: z.ZodType<T>, value: unknown, place: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new SafetensorsError(`${place}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid entry'}`);
}

function storedTensor(
  name: string,
  { dtype, shape, data_offsets: [begin, end] }: z.infer<typeof entrySchema>,
  place: string,
  dataStart: number,
): StoredTensor {
  const bytes = shape.reduce((a, b) => a * b, bytesOf[dtype]);
  if (end - begin !== bytes) {
    const expected = `${String(bytes)} bytes for ${dtype} [${shape.join(', ')}]`;
    throw new SafetensorsError(`${place}: expected ${expected}, got offsets ${String(begin)} to ${String(end)}`);
  }
  return { name, dtype, shape, begin: dataStart + begin, end: dataStart + end };
}

/** The values of all tensors must follow each other without gap or overlap and end with the file. */
function checkCoverage(path: string, tensors: readonly StoredTensor[], dataStart: number, fileBytes: number): void {
  let reached = dataStart;
  for (const { name, begin, end } of tensors) {
    if (begin !== reached) {
      const kind = begin < reached ? 'overlaps the tensor before it' : 'leaves a gap before it';
      const numbers = `expected offset ${String(reached - dataStart)}, got ${String(begin - dataStart)}`;
      throw new SafetensorsError(`${path}: ${JSON.stringify(name)} ${kind}: ${numbers}`);
    }
    reached = end;
  }
  if (reached !== fileBytes)
    throw new SafetensorsError(`${path}: expected ${String(reached)} bytes by its header, got ${String(fileBytes)}`);
}
