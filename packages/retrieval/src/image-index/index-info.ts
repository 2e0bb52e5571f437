import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { writeFileAtomic } from '@azclip/base';
import { z } from 'zod';

import { StoreError } from '../store/store-error.ts';

const indexInfo = z.strictObject({
  /** Layout of the folder; this is the first. */
  version: z.literal(1),
  /** The model that made the vectors. */
  fingerprint: z.string(),
  /** Numbers in a vector. */
  dim: z.int().positive(),
  /** Folder of the store, beside this file. */
  store: z.string().regex(/^[\w-]+$/u),
  /** Folder of the images. */
  images: z.string(),
  /** Images that could not be decoded; they are tried again when they have changed. */
  rejected: z.array(z.strictObject({ file: z.string(), modified: z.number(), reason: z.string() })),
  /** Where it holds only the share of one of several jobs. */
  shard: z.strictObject({ index: z.int().positive(), count: z.int().positive() }).optional(),
});

/** `index.json`: what an index folder holds. A new model's store is built beside the old one; writing this file is the
 * swap. */
export type IndexInfo = z.infer<typeof indexInfo>;

/** Reads `index.json`.
 * @returns undefined where none stands.
 * @throws {StoreError} if it is damaged. */
export async function readIndexInfo(folder: string): Promise<IndexInfo | undefined> {
  const path = join(folder, 'index.json');
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new StoreError(`${path}: expected a readable file, got ${code ?? String(error)}`);
  });
  if (text === undefined) return undefined;
  try {
    return indexInfo.parse(JSON.parse(text));
  } catch {
    throw new StoreError(`${path}: expected the description of an index, got another or damaged file`);
  }
}

/** Writes `index.json`, whole or not at all. */
export async function writeIndexInfo(folder: string, info: IndexInfo): Promise<void> {
  await writeFileAtomic(join(folder, 'index.json'), `${JSON.stringify(info, null, 2)}\n`);
}
