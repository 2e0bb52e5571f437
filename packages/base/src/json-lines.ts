import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { z } from 'zod';

import { InputError } from './input-error.ts';

/** One line of a text file. */
export interface TextLine {
  /** The line without its end. */
  readonly text: string;
  /** 1-based. */
  readonly number: number;
}

/** Streams the lines of a UTF-8 file; `\n` and `\r\n` end a line, a byte order mark is dropped.
 * @throws {InputError} if the file cannot be read. */
export async function* readLines(path: string): AsyncGenerator<TextLine> {
  const stream = createReadStream(path, 'utf8');
  let number = 0;
  try {
    for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
      number += 1;
      yield { text: number === 1 ? line.replace(/^\uFEFF/u, '') : line, number };
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new InputError(`${path}: expected a readable file, got ${(error as NodeJS.ErrnoException).code ?? ''}`);
  } finally {
    stream.destroy();
  }
}

/** Streams the records of a JSON Lines file; empty lines are passed over.
 * @param schema - what a record must be.
 * @throws {InputError} naming file, line and key of the first record that is not. */
export async function* readJsonLines<T>(path: string, schema: z.ZodType<T>): AsyncGenerator<T> {
  for await (const { text, number } of readLines(path)) {
    if (text.trim() === '') continue;
    yield parseRecord(text, schema, `${path}:${String(number)}`);
  }
}

function parseRecord<T>(text: string, schema: z.ZodType<T>, place: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InputError(`${place}: expected a JSON object, got ${JSON.stringify(text.slice(0, 60))}`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InputError(`${place}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid record'}`);
}
