import { open, readFile, type FileHandle } from 'node:fs/promises';

import { z } from 'zod';

import { StoreError } from '../store/store-error.ts';

const record = z.object({
  /** Milliseconds since 1970. */
  time: z.number(),
  /** Who judged: a name the page draws by chance. */
  session: z.string(),
  query: z.string(),
  /** Id of the image judged. */
  id: z.string(),
  /** Fits, does not fit, or a judgement taken back. */
  value: z.enum(['up', 'down', 'none']),
});

/** One judgement of an image for a query. */
export type Feedback = z.infer<typeof record>;

/** Images judged for a query. */
export interface Judgements {
  readonly liked: readonly string[];
  readonly disliked: readonly string[];
}

/** Judgements in a file of JSON lines, each synced before it is acknowledged; the last one of a session on a query and
 * an image counts. */
export class FeedbackLog {
  readonly #file: FileHandle;
  readonly #latest = new Map<string, Feedback>();

  private constructor(file: FileHandle, known: readonly Feedback[]) {
    this.#file = file;
    for (const feedback of known) this.#latest.set(keyOf(feedback), feedback);
  }

  /** Opens the file, or makes it; a last line cut off by a crash is dropped.
   * @throws {StoreError} naming the line that is no judgement. */
  static async open(path: string): Promise<FeedbackLog> {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw error;
    });
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    const known = whole
      .split('\n')
      .slice(0, -1)
      .map((line, i) => parse(line, `${path}:${String(i + 1)}`));
    const file = await open(path, 'a');
    await file.truncate(Buffer.byteLength(whole));
    return new FeedbackLog(file, known);
  }

  /** Writes a judgement down; it stands when the promise resolves. */
  async add(feedback: Feedback): Promise<void> {
    await this.#file.appendFile(`${JSON.stringify(record.parse(feedback))}\n`);
    await this.#file.datasync();
    this.#latest.set(keyOf(feedback), feedback);
  }

  /** What a session said about a query. */
  judgements(session: string, query: string): Judgements {
    return judged([...this.#latest.values()].filter((one) => one.session === session && one.query === query));
  }

  /** What all sessions said, by query. */
  byQuery(): Map<string, Judgements> {
    const queries = new Map<string, Feedback[]>();
    for (const one of this.#latest.values()) queries.set(one.query, [...(queries.get(one.query) ?? []), one]);
    return new Map(Array.from(queries, ([query, all]) => [query, judged(all)]));
  }

  /** Closes the file. */
  close(): Promise<void> {
    return this.#file.close();
  }
}

const keyOf = ({ session, query, id }: Feedback): string => JSON.stringify([session, query, id]);

/** Images that more liked than disliked, and the other way round. */
function judged(all: readonly Feedback[]): Judgements {
  const votes = new Map<string, number>();
  for (const { id, value } of all) votes.set(id, (votes.get(id) ?? 0) + { up: 1, down: -1, none: 0 }[value]);
  const ids = (sign: number): string[] => [...votes].filter(([, sum]) => sum * sign > 0).map(([id]) => id);
  return { liked: ids(1), disliked: ids(-1) };
}

function parse(line: string, place: string): Feedback {
  try {
    return record.parse(JSON.parse(line));
  } catch {
    throw new StoreError(`${place}: expected a judgement {time, session, query, id, value}, got ${line.slice(0, 60)}`);
  }
}
