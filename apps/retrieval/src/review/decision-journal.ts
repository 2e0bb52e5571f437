import { open, type FileHandle } from 'node:fs/promises';

import { InputError, readJsonLines } from '@azclip/base';
import { z } from 'zod';

/** What one person decided on one caption. */
export const decision = z.strictObject({
  id: z.string().min(1),
  verdict: z.enum(['accept', 'edit', 'reject']),
  /** The text that counts: as it was, or as it was edited. */
  text: z.string().max(10_000),
  reviewer: z.string().regex(/^[\w.-]{1,40}$/u),
  /** ISO 8601, UTC. */
  at: z.iso.datetime(),
});

/** What one person decided on one caption. */
export type Decision = z.output<typeof decision>;

/** The decisions of one person, append-only on disk; of two on the same caption the later counts. */
export class DecisionJournal {
  readonly #file: FileHandle;
  readonly #decisions: Map<string, Decision>;
  #written: Promise<void> = Promise.resolve();

  private constructor(file: FileHandle, decisions: Map<string, Decision>) {
    this.#file = file;
    this.#decisions = decisions;
  }

  /** Opens a journal, making it if need be; a line that a crash cut short is taken off its end. */
  static async open(path: string): Promise<DecisionJournal> {
    const file = await open(path, 'a+');
    try {
      const content = await file.readFile();
      const whole = content.lastIndexOf(10) + 1;
      if (whole < content.length) await file.truncate(whole);
      return new DecisionJournal(file, new Map((await readDecisions(path)).map((each) => [each.id, each])));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** The decision on a caption. */
  get(id: string): Decision | undefined {
    return this.#decisions.get(id);
  }

  /** Number of captions decided on. */
  get size(): number {
    return this.#decisions.size;
  }

  /** Keeps a decision; returns once it is on the disk. */
  async add(made: Decision): Promise<void> {
    const write = async (): Promise<void> => {
      await this.#file.appendFile(`${JSON.stringify(made)}\n`);
      await this.#file.datasync();
      this.#decisions.set(made.id, made);
    };
    const written = this.#written.then(write);
    this.#written = written.catch(() => undefined);
    await written;
  }

  /** Waits for what is being written, then closes. */
  async close(): Promise<void> {
    await this.#written;
    await this.#file.close();
  }
}

/** The decisions of a journal in the order in which they were made.
 * @throws {InputError} naming file and line of what is none. */
export async function readDecisions(path: string): Promise<Decision[]> {
  const all: Decision[] = [];
  for await (const each of readJsonLines(path, decision)) all.push(each);
  return all;
}

/** Where the journal of a person stands: beside the ledger.
 * @throws {InputError} if the name is not one that a file can have. */
export function journalPath(ledger: string, reviewer: string): string {
  if (!/^[\w.-]{1,40}$/u.test(reviewer)) {
    throw new InputError(`--reviewer: expected letters, digits, dots, - and _, got "${reviewer}"`);
  }
  return `${ledger}.review.${reviewer}.jsonl`;
}
