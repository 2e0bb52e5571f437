import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { InputError } from '@azclip/base';
import { dataConfig, isUrl, type DataConfig, type Split } from '@azclip/data';
import { parse } from 'yaml';
import type { z } from 'zod';

/** Readers that `prepare` offers, and the keys that `--root` stands for. */
export const SETS = {
  scenes: () => ({}),
  flickr8k: (root: string) => ({ root }),
  flickr30k: (root: string) => ({ root }),
  coco: (root: string) => ({ root }),
  roco: (root: string) => ({ root }),
  karpathy: (path: string) => ({ path }),
  csv: (path: string) => ({ path, ...(path.endsWith('.tsv') ? { delimiter: '\t' } : {}) }),
  jsonl: (path: string) => ({ path }),
  folder: (path: string) => ({ path }),
  manifest: (path: string) => ({ path }),
  parquet: (root: string) => ({ files: partFiles(root, 'parquet') }),
  webdataset: (root: string) => ({ files: partFiles(root, 'tar') }),
} as const;

/** Name of a reader that `prepare` offers. */
export type SetName = keyof typeof SETS;

/** Where a set stands, and how it is to be read. */
export interface SetFlags {
  readonly root?: string;
  /** `key=value` of the reader. */
  readonly option: readonly string[];
}

/** The configuration of the reader: the set's keys, then those of `--option`. */
export function configOf(set: SetName, { root, option }: SetFlags): DataConfig {
  const namesFiles = option.some((pair) => pair.startsWith('files.'));
  if (root === undefined && set !== 'scenes' && !namesFiles)
    throw new InputError(`--root: expected the place of the set "${set}", got none`);
  const places = namesFiles ? {} : SETS[set](root ?? '');
  const value = { reader: set, onInvalid: 'skip', ...places, ...keysOf(option) };
  return checked(dataConfig, value, '--option');
}

/** Files of a folder by the part that begins their name: `train-…`, `dev-…` or `val…`, `test-…`. */
function partFiles(root: string, extension: string): object {
  if (isUrl(root))
    throw new InputError(`--root: expected a folder, got an address; name its files: --option=files.train=[${root}/…]`);
  const names = namesIn(root).filter((name) => name.endsWith(`.${extension}`));
  const files = (parts: RegExp): string[] => names.filter((name) => parts.test(name)).map((name) => join(root, name));
  const found = { train: files(/^train/u), dev: files(/^(?:dev|val)/u), test: files(/^test/u) };
  if (Object.values(found).some(({ length }) => length > 0)) return found;
  throw new InputError(`--root: expected files train*.${extension}, dev*, val* or test* in ${root}, got none`);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    throw new InputError(`--root: expected a folder, got ${(error as NodeJS.ErrnoException).code ?? ''}: ${folder}`);
  }
}

/** The parts that a set has. */
export function partsOf(config: DataConfig): Split[] {
  const all = ['train', 'dev', 'test'] as const;
  if (config.reader === 'coco') return all.filter((split) => config.annotations[split] !== undefined);
  if (config.reader === 'webdataset' || config.reader === 'parquet') {
    return all.filter((split) => config.files[split].length > 0);
  }
  return [...all];
}

/** `a.b=value` as `{a: {b: value}}`; values are YAML. */
export function keysOf(pairs: readonly string[]): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const pair of pairs) {
    const { path, text } = /^(?<path>[a-zA-Z]\w*(?:\.[a-zA-Z]\w*)*)=(?<text>.*)$/u.exec(pair)?.groups ?? {};
    if (path === undefined) throw new InputError(`${pair}: expected key=value`);
    const keys = path.split('.');
    let place = result;
    for (const key of keys.slice(0, -1)) place = (place[key] ??= {}) as Record<string, unknown>;
    place[keys.at(-1) ?? ''] = parse(text ?? '');
  }
  return result;
}

/** What a schema makes of the value of a flag.
 * @throws {InputError} naming flag and key. */
export function checked<T>(schema: z.ZodType<T>, value: unknown, flag: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.join('.') ?? '';
  throw new InputError(`${flag}: ${path === '' ? '' : `${path}: `}${issue?.message ?? 'invalid'}`);
}
