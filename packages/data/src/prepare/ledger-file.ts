import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

import { summarise, type LedgerEntry, type RuleSummary } from '../cleaning/ledger.ts';

/** Lines that wait for the disk. */
const FLUSH_AT = 256;

/** A ledger on disk that grows while a set is read; it gets its name once it is whole. */
export class LedgerFile {
  readonly summary = new Map<string, RuleSummary>();
  readonly #path: string;
  readonly #file: FileHandle;
  #waiting: string[] = [];

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  /** Begins the ledger at `path`; until `close` it is called `path.partial`. */
  static async create(path: string): Promise<LedgerFile> {
    await mkdir(dirname(path), { recursive: true });
    return new LedgerFile(path, await open(`${path}.partial`, 'w'));
  }

  /** Notes an entry. */
  add(entry: LedgerEntry): void {
    summarise(this.summary, entry);
    this.#waiting.push(`${JSON.stringify(entry)}\n`);
  }

  /** Writes what was noted, where enough waits to be worth it. */
  async flush(atLeast = FLUSH_AT): Promise<void> {
    if (this.#waiting.length < atLeast) return;
    await this.#file.appendFile(this.#waiting.splice(0).join(''));
  }

  /** Writes the rest and gives the file its name. */
  async close(): Promise<void> {
    await this.flush(1);
    await this.#file.sync();
    await this.#file.close();
    await rename(`${this.#path}.partial`, this.#path);
  }

  /** Leaves nothing behind. */
  async discard(): Promise<void> {
    await this.#file.close();
    await rm(`${this.#path}.partial`, { force: true });
  }
}
