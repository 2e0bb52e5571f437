import { readFile } from 'node:fs/promises';

import { InputError } from '@azclip/base';
import { parse, YAMLParseError } from 'yaml';
import type { z } from 'zod';

/** Reads a YAML (or JSON) file that must be as `schema` says.
 * @throws {InputError} naming the file, and the line or the keys that are wrong. */
export async function readYaml<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new InputError(`${path}: expected a readable file, got ${(error as NodeJS.ErrnoException).code ?? 'none'}`);
  });
  const parsed = schema.safeParse(parseYaml(path, text));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || '(top level)'}: ${issue.message}`);
  const more = problems.length > 3 ? ` (and ${String(problems.length - 3)} more)` : '';
  throw new InputError(`${path}: ${problems.slice(0, 3).join('; ')}${more}`);
}

function parseYaml(path: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof YAMLParseError) throw new InputError(`${path}: ${error.message.split('\n')[0] ?? ''}`);
    throw error;
  }
}
