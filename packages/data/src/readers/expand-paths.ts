import { basename, dirname, join } from 'node:path';
import { InputError, namesIn } from '@azclip/base';

/** More than this many files is taken for a slip of the pen. */
const MAX_FILES = 100_000;

/** Writes out `{0000..0012}` (zeros are kept) and, in the last part of a local path, `*`, sorted.
 * @throws {InputError} if a `*` matches nothing or the folder is not there. */
export async function expandPaths(patterns: readonly string[]): Promise<string[]> {
  const all: string[] = [];
  for (const pattern of patterns) {
    for (const path of expandBraces(pattern)) {
      const isUrl = /^https?:/iu.test(path);
      all.push(...(isUrl || !basename(path).includes('*') ? [path] : await expandStar(path)));
    }
  }
  return all;
}

/** The names that a pattern with `{first..last}` stands for. */
function expandBraces(pattern: string): string[] {
  const match = /^(?<before>.*?)\{(?<first>\d+)\.\.(?<last>\d+)\}(?<after>.*)$/u.exec(pattern)?.groups;
  if (!match) return [pattern];
  const { before = '', first = '', last = '', after = '' } = match;
  const count = Number(last) - Number(first) + 1;
  if (count < 1 || count > MAX_FILES) {
    throw new InputError(
      `${pattern}: expected {first..last} with 1 to ${String(MAX_FILES)} files, got ${String(count)}`,
    );
  }
  const numbers = Array.from({ length: count }, (_, i) => String(Number(first) + i).padStart(first.length, '0'));
  return numbers.flatMap((number) => expandBraces(`${before}${number}${after}`));
}

async function expandStar(pattern: string): Promise<string[]> {
  const folder = dirname(pattern);
  const parts = basename(pattern)
    .split('*')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&'));
  const test = new RegExp(`^${parts.join('.*')}$`, 'u');
  const names = await namesIn(folder);
  const found = names.filter((name) => test.test(name)).sort();
  if (found.length === 0) throw new InputError(`${pattern}: expected a file of such a name, got none`);
  return found.map((name) => join(folder, name));
}
