import { open, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

import { StoreError } from '../store-error.ts';
import type { Metadata, StoreItem } from '../vector-store.ts';

/** One acknowledged change of a store. */
export type Change =
  | { readonly kind: 'put'; readonly items: readonly StoreItem[] }
  | { readonly kind: 'delete'; readonly ids: readonly string[] };

const PREFIX = 12; // record length, crc32 of the length, crc32 of the record

/** Appends changes to a file, each synced before it is acknowledged. */
export class Journal {
  readonly #file: FileHandle;
  #end: number;

  private constructor(file: FileHandle, end: number) {
    this.#file = file;
    this.#end = end;
  }

  /** Opens the journal for appending after its first `end` bytes; what stands behind them was never acknowledged. */
  static async open(path: string, end: number): Promise<Journal> {
    const file = await open(path, 'a+');
    await file.truncate(end);
    return new Journal(file, end);
  }

  /** Bytes written so far. */
  get end(): number {
    return this.#end;
  }

  /** Appends one change; it is on the disk when the promise resolves. */
  async append(change: Change): Promise<void> {
    const record = encode(change);
    try {
      await this.#file.appendFile(record);
      await this.#file.datasync();
    } catch (error) {
      await this.#file.truncate(this.#end); // a full disk must not leave half a record before the next
      throw error;
    }
    this.#end += record.length;
  }

  /** Closes the file. */
  close(): Promise<void> {
    return this.#file.close();
  }
}

/** Decodes the changes of a journal and says where they end. A last record that was cut off by a crash is left out: its
 * writer was never told that it stands.
 * @throws {StoreError} if a record before the last is damaged. */
export function readJournal(
  path: string,
  bytes: Buffer,
  dim: number,
): { readonly changes: readonly Change[]; readonly end: number } {
  const changes: Change[] = [];
  let end = 0;
  while (end + PREFIX <= bytes.length) {
    const length = bytes.readUInt32LE(end);
    const lengthIsTrue = crc32(bytes.subarray(end, end + 4)) === bytes.readUInt32LE(end + 4);
    const next = end + PREFIX + length;
    const record = bytes.subarray(end + PREFIX, next);
    const isWhole = lengthIsTrue && record.length === length && crc32(record) === bytes.readUInt32LE(end + 8);
    if (!isWhole) {
      const isLast = lengthIsTrue ? next >= bytes.length : bytes.subarray(end).every((byte) => byte === 0);
      if (isLast) break;
      throw new StoreError(`${path}: byte ${String(end)}: expected a whole record, got a damaged one before the last`);
    }
    changes.push(decode(record, dim));
    end = next;
  }
  return { changes, end };
}

type Head = { put: [string, Metadata][] } | { delete: string[] };

function encode(change: Change): Buffer {
  const head: Head =
    change.kind === 'put'
      ? { put: change.items.map(({ id, metadata }) => [id, metadata]) }
      : { delete: [...change.ids] };
  const text = Buffer.from(JSON.stringify(head));
  const vectors = change.kind === 'put' ? change.items.map(({ vector }) => vectorBytes(vector)) : [];
  const textLength = Buffer.alloc(4);
  textLength.writeUInt32LE(text.length);
  const record = Buffer.concat([textLength, text, ...vectors]);
  const prefix = Buffer.alloc(PREFIX);
  prefix.writeUInt32LE(record.length, 0);
  prefix.writeUInt32LE(crc32(prefix.subarray(0, 4)), 4);
  prefix.writeUInt32LE(crc32(record), 8);
  return Buffer.concat([prefix, record]);
}

function decode(record: Buffer, dim: number): Change {
  const textEnd = 4 + record.readUInt32LE(0);
  const head = JSON.parse(record.toString('utf8', 4, textEnd)) as Head;
  if ('delete' in head) return { kind: 'delete', ids: head.delete };
  const vectors = new Float32Array(Uint8Array.from(record.subarray(textEnd)).buffer); // copied: records are not aligned
  const vectorOf = (row: number): Float32Array => vectors.subarray(row * dim, (row + 1) * dim);
  return { kind: 'put', items: head.put.map(([id, metadata], row) => ({ id, metadata, vector: vectorOf(row) })) };
}

const vectorBytes = (vector: Float32Array): Buffer => Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
