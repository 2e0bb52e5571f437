import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { ExactRows } from './exact-rows.ts';
import { readJournal } from './journal.ts';
import { readVectorFile } from './vector-file.ts';
import { StoreError } from '../store-error.ts';

/** What was read of a store's folder. */
export interface ExactState {
  readonly rows: ExactRows;
  /** Number of the vector file; every fold writes the next. */
  readonly generation: number;
  /** Bytes of the journal that hold acknowledged changes. */
  readonly journalEnd: number;
}

const name = (kind: 'vectors' | 'journal', generation: number): string => `${kind}-${String(generation)}.bin`;

/** Path of a store's vector file. */
export const vectorPath = (folder: string, generation: number): string => join(folder, name('vectors', generation));

/** Path of the journal of changes to that file. */
export const journalPath = (folder: string, generation: number): string => join(folder, name('journal', generation));

/** Reads the newest vector file of `folder` and its journal. A writer may put a newer one in its place meanwhile and
 * remove this one; then it is read again.
 * @throws {StoreError} if there is none or it is damaged. */
export async function readExactFolder(folder: string): Promise<ExactState> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const generation = await newestGeneration(folder);
    if (generation === undefined) break;
    try {
      const file = await readVectorFile(vectorPath(folder, generation));
      const rows = new ExactRows(file);
      const path = journalPath(folder, generation);
      const journal = await readFile(path).catch(absent);
      if (generation !== (await newestGeneration(folder))) continue;
      const { changes, end } = readJournal(path, journal, file.dim);
      for (const change of changes) rows.apply(change);
      return { rows, generation, journalEnd: end };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  throw new StoreError(`${folder}: expected an index (vectors-N.bin), got none`);
}

/** Removes what older generations left behind. */
export async function removeOldGenerations(folder: string, generation: number): Promise<void> {
  for (const file of await readdir(folder)) {
    const found = /^(?:vectors|journal)-(\d+)\.bin$/u.exec(file)?.[1];
    if (found !== undefined && Number(found) < generation) await rm(join(folder, file), { force: true });
  }
}

/** Number of the newest vector file in `folder`. */
export async function newestGeneration(folder: string): Promise<number | undefined> {
  const files = await readdir(folder).catch(() => []);
  const found = files.flatMap((file) => /^vectors-(\d+)\.bin$/u.exec(file)?.[1] ?? []).map(Number);
  return found.length === 0 ? undefined : Math.max(...found);
}

function absent(error: NodeJS.ErrnoException): Buffer {
  if (error.code === 'ENOENT') return Buffer.alloc(0);
  throw error;
}
