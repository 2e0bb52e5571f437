import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

import { writeFileAtomic } from '@azclip/base';
import { z } from 'zod';

import { int8Scale, quantize } from './quantize.ts';
import { StoreError } from '../store-error.ts';
import type { Metadata, StoreItem } from '../vector-store.ts';

/** What a vector file holds; row i of each array belongs to item i. */
export interface VectorFile {
  readonly dim: number;
  readonly count: number;
  /** Name of the model that made the vectors. */
  readonly fingerprint: string;
  /** [count, dim], unit rows. */
  readonly floats: Float32Array;
  /** [count, dim], `floats` × `scale`, rounded. */
  readonly bytes: Int8Array;
  readonly scale: number;
  /** Id and metadata of a row, parsed when asked for. */
  entry(row: number): { readonly id: string; readonly metadata: Metadata };
}

const MAGIC = 'azclipv1';
const ALIGN = 64; // a cache line, and a multiple of every element's size
const PREFIX = 16; // magic, header length, header crc32
const CHUNK = 2 ** 28; // one read or checksum at a time; Node refuses more than 2 GiB

const section = z.strictObject({ offset: z.int().nonnegative(), length: z.int().nonnegative(), crc: z.int() });
const header = z.strictObject({
  dim: z.int().positive(),
  count: z.int().nonnegative(),
  fingerprint: z.string(),
  scale: z.number().positive(),
  sections: z.strictObject({ floats: section, bytes: section, offsets: section, entries: section }),
});
type Header = z.infer<typeof header>;

/** Writes the file of `items`, whole or not at all. Layout, little-endian: magic, length and crc32 of the header, the
 * header (JSON), then at multiples of 64 bytes the float32 rows, the int8 rows, the offsets of the entries (uint32) and
 * the entries, each the JSON `[id, metadata]`; every section has its crc32 in the header. */
export async function writeVectorFile(
  path: string,
  items: readonly StoreItem[],
  { dim, fingerprint }: { readonly dim: number; readonly fingerprint: string },
): Promise<void> {
  const floats = new Float32Array(items.length * dim);
  for (const [row, { vector }] of items.entries()) floats.set(vector, row * dim);
  const scale = int8Scale(dim);
  const texts = items.map(({ id, metadata }) => Buffer.from(JSON.stringify([id, metadata])));
  const offsets = new Uint32Array(items.length + 1);
  for (const [row, text] of texts.entries()) offsets[row + 1] = (offsets[row] ?? 0) + text.length;
  const contents = { floats, bytes: quantize(floats, scale), offsets, entries: Buffer.concat(texts) };
  const known = { dim, count: items.length, fingerprint, scale };
  await writeFileAtomic(path, layOut(known, contents));
}

type Contents = Record<keyof Header['sections'], ArrayBufferView>;

function* layOut(known: Omit<Header, 'sections'>, contents: Contents): Generator<Uint8Array> {
  const views = Object.entries(contents).map(([name, view]) => ({ name, bytes: toBytes(view) }));
  const room = 1024; // the header is a few hundred bytes; a fixed room keeps the offsets out of their own encoding
  let offset = room;
  const sections: Record<string, unknown> = {};
  for (const { name, bytes } of views) {
    sections[name] = { offset, length: bytes.length, crc: checksum(bytes) };
    offset = alignUp(offset + bytes.length);
  }
  const text = Buffer.from(JSON.stringify({ ...known, sections }));
  const head = Buffer.alloc(room);
  head.write(MAGIC, 0, 'latin1');
  head.writeUInt32LE(text.length, 8);
  head.writeUInt32LE(crc32(text), 12);
  text.copy(head, PREFIX);
  yield head;
  for (const { bytes } of views) {
    yield bytes;
    yield new Uint8Array(alignUp(bytes.length) - bytes.length);
  }
}

/** Reads a vector file into one block of memory and checks it.
 * @throws {StoreError} if it is no such file, is cut short or its content does not match its checksums. */
export async function readVectorFile(path: string): Promise<VectorFile> {
  const memory = await readWhole(path);
  const { dim, count, fingerprint, scale, sections } = readHeader(path, Buffer.from(memory, 0));
  const view = (name: keyof Header['sections']): Uint8Array<ArrayBuffer> => {
    const { offset, length, crc } = sections[name];
    if (offset + length > memory.byteLength) {
      const [expected, got] = [offset + length, memory.byteLength].map(String);
      throw new StoreError(
        `${path}: expected at least ${expected ?? ''} bytes, got ${got ?? ''}: the index is cut short`,
      );
    }
    const bytes = new Uint8Array(memory, offset, length);
    if (checksum(bytes) === crc) return bytes;
    throw new StoreError(`${path}: ${name}: expected crc32 ${String(crc)}, got another: the index is damaged`);
  };
  const [floats, bytes, offsets, entries] = [view('floats'), view('bytes'), view('offsets'), view('entries')];
  const starts = new Uint32Array(memory, offsets.byteOffset, offsets.length / 4);
  const parsed: ReturnType<VectorFile['entry']>[] = []; // some 300 bytes a row that was asked for
  return {
    ...{ dim, count, fingerprint, scale },
    floats: new Float32Array(memory, floats.byteOffset, count * dim),
    bytes: new Int8Array(memory, bytes.byteOffset, count * dim),
    entry(row) {
      const known = parsed[row];
      if (known) return known;
      const text = Buffer.from(entries.buffer, entries.byteOffset + (starts[row] ?? 0), length(starts, row));
      const [id, metadata] = JSON.parse(text.toString('utf8')) as [string, Metadata];
      return (parsed[row] = { id, metadata });
    },
  };
}

function readHeader(path: string, file: Buffer): Header {
  const damaged = new StoreError(
    `${path}: expected an index file that starts with ${MAGIC}, got another or damaged one`,
  );
  if (file.length < PREFIX || file.toString('latin1', 0, MAGIC.length) !== MAGIC) throw damaged;
  const text = file.subarray(PREFIX, PREFIX + file.readUInt32LE(8));
  if (crc32(text) !== file.readUInt32LE(12)) throw damaged;
  return header.parse(JSON.parse(text.toString('utf8')));
}

async function readWhole(path: string): Promise<ArrayBuffer> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const memory = new ArrayBuffer(size);
    for (let done = 0; done < size;) {
      const { bytesRead } = await file.read(new Uint8Array(memory, done, Math.min(CHUNK, size - done)));
      if (bytesRead === 0) throw new StoreError(`${path}: expected ${String(size)} bytes, got ${String(done)}`);
      done += bytesRead;
    }
    return memory;
  } finally {
    await file.close();
  }
}

function checksum(bytes: Uint8Array): number {
  let crc = 0;
  for (let start = 0; start < bytes.length; start += CHUNK) crc = crc32(bytes.subarray(start, start + CHUNK), crc);
  return crc;
}

const length = (starts: Uint32Array, row: number): number => (starts[row + 1] ?? 0) - (starts[row] ?? 0);
const alignUp = (offset: number): number => Math.ceil(offset / ALIGN) * ALIGN;
const toBytes = (view: ArrayBufferView): Uint8Array => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
