import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { parse } from 'yaml';

import { TranslateError } from '../translate-error.ts';
import { languageConfig, type Language } from './language-config.ts';

/** Reads a language: `az` names one that comes with the package, anything with a `/` or `.` is the path of a file.
 * @throws {TranslateError} naming the file and the key that is not right, or the languages there are. */
export async function loadLanguage(codeOrPath: string): Promise<Language> {
  if (/[./\\]/u.test(codeOrPath)) return readLanguage(codeOrPath);
  const known = await listLanguages();
  if (!known.includes(codeOrPath)) {
    throw new TranslateError(`language: expected one of ${known.join(', ')} or the path of a file, got ${codeOrPath}`);
  }
  return readLanguage(`${languageFolder()}/${codeOrPath}.yaml`);
}

/** Codes of the languages that come with the package. */
export async function listLanguages(): Promise<string[]> {
  const names = await readdir(languageFolder());
  return names
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -5))
    .sort();
}

const languageFolder = (): string => fileURLToPath(new URL('../../languages', import.meta.url));

async function readLanguage(path: string): Promise<Language> {
  let value: unknown;
  try {
    value = parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new TranslateError(
      `${path}: expected a readable YAML file, got ${(error as Error).message.split('\n')[0] ?? ''}`,
    );
  }
  const parsed = languageConfig.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new TranslateError(`${path}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a language'}`);
}
