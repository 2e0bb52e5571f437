import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { TranslateError } from '../translate-error.ts';
import type { Answer } from '../translator.ts';
import { KeyIndex, type HexKey } from './key-index.ts';
import { lockFile, type FileLock } from './lock-file.ts';
import { Segment } from './segment.ts';
import { translationKey, type TranslationQuestion } from './translation-key.ts';

const storedTranslation = z.object({
  key: z.string(),
  text: z.string(),
  translation: z.string(),
  score: z.number().optional(),
});

/** A question and its answer, to be kept. */
export interface TranslationRecord extends TranslationQuestion {
  readonly answer: Answer;
}

/** A segment's number and an offset share one number below 2^53. */
const segmentStride = 2 ** 40;

/** Every translation ever made, in a folder of append-only JSON Lines files, one for each writer (a shard writes its
 * own), found again by (text, source, target, model). What `append` has returned from survives the end of the process
 * and of the machine; a record cut short by it is taken off the end of the file. */
export class TranslationStore {
  readonly #segments: Segment[];
  readonly #index: KeyIndex;
  readonly #lock: FileLock;
  readonly #own: Segment;
  readonly damaged: number;

  private constructor(segments: Segment[], index: KeyIndex, lock: FileLock, damaged: number) {
    this.#segments = segments;
    this.#own = segments[0] as Segment;
    this.#index = index;
    this.#lock = lock;
    this.damaged = damaged;
  }

  /** Opens `folder`, making it if need be, to read all its files and write `<writer>.jsonl`.
   * @throws {TranslateError} if another process writes that file. */
  static async open(folder: string, writer = 'translations'): Promise<TranslationStore> {
    if (!/^[\w.-]+$/u.test(writer))
      throw new TranslateError(`store writer: expected letters, digits, -, got ${writer}`);
    await mkdir(folder, { recursive: true });
    const lock = await lockFile(join(folder, `${writer}.lock`));
    try {
      const names = (await readdir(folder)).filter((name) => name.endsWith('.jsonl') && name !== `${writer}.jsonl`);
      const segments = [await Segment.openToWrite(join(folder, `${writer}.jsonl`))];
      for (const name of names.sort()) segments.push(await Segment.openToRead(join(folder, name)));
      const index = new KeyIndex();
      const damaged = await indexSegments(segments, index);
      return new TranslationStore(segments, index, lock, damaged);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** Number of translations. */
  get size(): number {
    return this.#index.size;
  }

  /** Whether the question is answered, without reading the answer. */
  has(question: TranslationQuestion): boolean {
    return this.#index.get(translationKey(question)) !== undefined;
  }

  /** The kept answer. */
  async get(question: TranslationQuestion): Promise<Answer | undefined> {
    const key = translationKey(question);
    const place = this.#index.get(key);
    if (place === undefined) return undefined;
    const line = await this.#segments[Math.floor(place / segmentStride)]?.readLine(place % segmentStride);
    const stored = storedTranslation.parse(JSON.parse(line ?? 'null'));
    if (stored.key !== key) return undefined; // two keys that share 64 bits
    return { text: stored.translation, ...(stored.score === undefined ? {} : { score: stored.score }) };
  }

  /** Keeps the records; returns once they are on the disk. Calls made meanwhile share one sync. */
  async append(records: readonly TranslationRecord[]): Promise<void> {
    const keyed = records.map((record) => ({ key: translationKey(record), record }));
    const offsets = await this.#own.append(keyed.map(({ key, record }) => lineOf(key, record)));
    for (const [i, { key }] of keyed.entries()) this.#index.set(key, offsets[i] ?? 0);
  }

  /** Closes the files and lets another process write. */
  async close(): Promise<void> {
    for (const segment of this.#segments) await segment.close();
    await this.#lock.release();
  }
}

/** The key stands first so that it can be found without parsing. */
function lineOf(key: HexKey, { text, source, target, model, answer }: TranslationRecord): string {
  const { text: translation, score } = answer;
  return JSON.stringify({ key, text, source, target, model, translation, score });
}

const keyPattern = /^\{"key":"([0-9a-f]{32})",.*\}$/su;

/** @returns the number of lines that hold no record. */
async function indexSegments(segments: readonly Segment[], index: KeyIndex): Promise<number> {
  let damaged = 0;
  for (const [number, segment] of segments.entries()) {
    for await (const { line, offset } of segment.lines()) {
      const key = keyPattern.exec(line)?.[1];
      if (key === undefined) damaged += 1;
      else index.set(key, number * segmentStride + offset);
    }
  }
  return damaged;
}
