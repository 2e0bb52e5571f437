import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { checkItems, countQueries } from '../check-items.ts';
import { otherModel } from '../other-model.ts';
import { StoreError } from '../store-error.ts';
import { journalPath, newestGeneration, readExactFolder, removeOldGenerations, vectorPath } from './exact-files.ts';
import { Int8Scan } from './int8-scan.ts';
import { Journal, type Change } from './journal.ts';
import { writeVectorFile } from './vector-file.ts';
import { lockForWriting } from './writer-lock.ts';
import type { ExactState } from './exact-files.ts';
import type { Hit, SearchOptions, StoreItem, VectorStore } from '../vector-store.ts';

/** How to open an exact store. */
export interface ExactStoreOptions {
  /** Numbers in a vector. */
  readonly dim: number;
  /** Name of the model that makes vectors and queries; a store made by another is refused. */
  readonly fingerprint: string;
  /** Whether to change the store: then it is made where none stands, and no other process may open it so. */
  readonly writable?: boolean;
}

/** Changes since the last fold that are worth a new file: the journal is scanned slower than the file. */
const worthFolding = (pending: number, count: number): boolean => pending > 1000 && pending > count / 4;

/** Below this many rows the float32 scan takes a millisecond or two, and loading the int8 scan is not worth it. */
const ROWS_WORTH_SCANNING = 5_000;

/** Loading the int8 scan takes as long as a few float32 scans: who asks once does not wait for it. */
const QUERIES_BEFORE_SCAN = 4;

/** Candidates of the int8 scan for `k` hits: with four times as many, and some, the float32 order of the first k came
 * out whole in every measurement (docs/decisions/0071). */
const candidatesFor = (k: number): number => 4 * k + 64;

/** The store that compares a query with every vector: nothing to tune, nothing missed. A folder with one vector file
 * and a journal of the changes since.
 * @see readVectorFile for the layout of the file */
export class ExactStore implements VectorStore {
  readonly folder: string;
  readonly dim: number;
  readonly fingerprint: string;
  readonly #unlock: (() => Promise<void>) | undefined;
  #state: ExactState;
  #journal: Journal | undefined;
  #scan: Promise<Int8Scan> | undefined;
  #asked = 0;
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(folder: string, state: ExactState, unlock: (() => Promise<void>) | undefined) {
    this.folder = folder;
    this.dim = state.rows.file.dim;
    this.fingerprint = state.rows.file.fingerprint;
    this.#state = state;
    this.#unlock = unlock;
  }

  /** Opens the store in `folder`.
   * @throws {StoreError} if it is damaged, made by another model, or being written by another process. */
  static async open(folder: string, options: ExactStoreOptions): Promise<ExactStore> {
    const { dim, fingerprint, writable = false } = options;
    if (writable) await mkdir(folder, { recursive: true });
    const unlock = writable ? await lockForWriting(join(folder, 'writer.lock')) : undefined;
    try {
      if (writable && (await newestGeneration(folder)) === undefined) {
        await writeVectorFile(vectorPath(folder, 0), [], { dim, fingerprint });
      }
      const state = await readExactFolder(folder);
      const { file } = state.rows;
      if (file.fingerprint !== fingerprint) {
        throw otherModel(folder, 'an index made', { made: file.fingerprint, asked: fingerprint });
      }
      if (file.dim !== dim) {
        throw new StoreError(`${folder}: expected vectors of ${String(dim)} numbers, got ${String(file.dim)}`);
      }
      if (writable) await removeOldGenerations(folder, state.generation);
      return new ExactStore(folder, state, unlock);
    } catch (error) {
      await unlock?.();
      throw error;
    }
  }

  /** Names what the store holds at present: equal names, equal content. */
  get state(): string {
    const { generation, journalEnd } = this.#state;
    return `${String(generation)}:${String(this.#journal?.end ?? journalEnd)}`;
  }

  /** Whether it was opened for writing. */
  get isWritable(): boolean {
    return this.#unlock !== undefined;
  }

  size(): Promise<number> {
    return Promise.resolve(this.#state.rows.size);
  }

  async put(items: readonly StoreItem[]): Promise<void> {
    checkItems(items, this.dim);
    const copies = items.map((item) => ({ ...item, vector: Float32Array.from(item.vector) }));
    await this.#change({ kind: 'put', items: copies });
  }

  delete(ids: readonly string[]): Promise<number> {
    return this.#change({ kind: 'delete', ids });
  }

  get(ids: readonly string[]): Promise<(StoreItem | undefined)[]> {
    return Promise.resolve(ids.map((id) => this.#state.rows.get(id)));
  }

  items(): Iterable<StoreItem> {
    return this.#state.rows.items();
  }

  async search(queries: Float32Array, { k, offset = 0, filter }: SearchOptions): Promise<Hit[][]> {
    const count = countQueries(queries, this.dim);
    const { rows } = this.#state;
    const wanted = Math.min(k + offset, rows.size);
    const candidates = filter === undefined ? await this.#candidates(queries, wanted) : undefined;
    return Array.from({ length: count }, (_, i) => {
      const query = queries.subarray(i * this.dim, (i + 1) * this.dim);
      return rows.rank(query, wanted, filter, candidates?.[i]).slice(offset);
    });
  }

  /** Gets ready for many queries: what the first of them would otherwise wait for. */
  async prepare(): Promise<void> {
    this.#asked = QUERIES_BEFORE_SCAN;
    await this.#candidates(new Float32Array(this.dim), 1);
  }

  /** Whether another process has changed the store since this one read it. */
  async isOutdated(): Promise<boolean> {
    const { generation, journalEnd } = this.#state;
    if (this.#unlock !== undefined) return false;
    const journal = await stat(journalPath(this.folder, generation)).catch(() => ({ size: 0 }));
    return journal.size > journalEnd || (await newestGeneration(this.folder)) !== generation;
  }

  /** Writes file and journal as one new file and puts it in their place; readers keep what they have open. */
  fold(): Promise<void> {
    return this.#exclusive(() => this.#fold());
  }

  async close(): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.#journal?.close();
    this.#journal = undefined;
    await disposeScan(this.#scan);
    this.#scan = undefined;
    await this.#unlock?.();
  }

  /** Rows of the file worth a float32 look for each query; undefined for all. */
  async #candidates(queries: Float32Array, k: number): Promise<Int32Array[] | undefined> {
    const { file, deadRows } = this.#state.rows;
    const wanted = candidatesFor(k) + deadRows;
    this.#asked += queries.length / this.dim;
    if (file.count < ROWS_WORTH_SCANNING || this.#asked <= QUERIES_BEFORE_SCAN || wanted >= file.count / 4) return;
    this.#scan ??= Int8Scan.create(file);
    return (await this.#scan).candidates(queries, wanted);
  }

  #change(change: Change): Promise<number> {
    return this.#exclusive(async () => {
      const { generation, journalEnd, rows } = this.#state;
      this.#journal ??= await Journal.open(journalPath(this.folder, generation), journalEnd);
      await this.#journal.append(change);
      const before = rows.apply(change);
      if (worthFolding(rows.pending, rows.file.count)) await this.#fold();
      return before;
    });
  }

  async #fold(): Promise<void> {
    const { rows, generation } = this.#state;
    if (rows.pending === 0) return;
    await writeVectorFile(vectorPath(this.folder, generation + 1), [...rows.items()], this);
    const state = await readExactFolder(this.folder);
    const oldScan = this.#scan;
    [this.#state, this.#scan] = [state, undefined]; // at once: rows and scan belong together
    await disposeScan(oldScan);
    await this.#journal?.close();
    this.#journal = undefined;
    await removeOldGenerations(this.folder, this.#state.generation);
  }

  /** Runs writers one after the other. */
  async #exclusive<T>(work: () => Promise<T>): Promise<T> {
    if (this.#unlock === undefined) {
      throw new StoreError(`${this.folder}: expected a store opened for writing, got one for reading`);
    }
    const result = this.#writing.catch(() => undefined).then(work);
    this.#writing = result;
    return result;
  }
}

async function disposeScan(scan: Promise<Int8Scan> | undefined): Promise<void> {
  await (await scan?.catch(() => undefined))?.dispose();
}
