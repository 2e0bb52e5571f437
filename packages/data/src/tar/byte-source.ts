import { open, type FileHandle } from 'node:fs/promises';

/** Bytes that are taken in order. */
export interface ByteSource {
  /** Bytes passed so far. */
  readonly position: number;
  /** The next bytes: `length` of them, or fewer where the source ends. */
  take(length: number): Promise<Buffer>;
  /** Passes over bytes without keeping them.
   * @returns how many there were: fewer than `length` where the source ends. */
  skip(length: number): Promise<number>;
  close(): Promise<void>;
}

/** Read at a time: a header and a caption behind it come with one request to the file system. */
const WINDOW = 8192;

/** A file; what is passed over is not read. */
export async function fileSource(path: string): Promise<ByteSource> {
  const file = await open(path);
  const { size } = await file.stat();
  let position = 0;
  let window: Buffer = Buffer.alloc(0);
  let windowStart = 0;
  return {
    get position() {
      return position;
    },
    take: async (length) => {
      const end = Math.min(position + length, size);
      if (position < windowStart || end > windowStart + window.length) {
        windowStart = position;
        window = await readAt(file, position, Math.min(Math.max(end - position, WINDOW), size - position));
      }
      const bytes = window.subarray(position - windowStart, end - windowStart);
      position += bytes.length;
      return bytes;
    },
    skip: (length) => {
      const passed = Math.min(length, size - position);
      position += passed;
      return Promise.resolve(passed);
    },
    close: () => file.close(),
  };
}

/** Part of a file; less where the file ends. */
async function readAt(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let reached = 0;
  while (reached < length) {
    const { bytesRead } = await file.read(bytes, reached, length - reached, start + reached);
    if (bytesRead === 0) break;
    reached += bytesRead;
  }
  return bytes.subarray(0, reached);
}

/** A stream, such as the body of an answer. */
export function streamSource(stream: AsyncIterable<Uint8Array>): ByteSource {
  const chunks = stream[Symbol.asyncIterator]();
  const some = inPieces(chunks);
  let position = 0;
  /** Hands on the next `length` bytes as they come. */
  const pass = async (length: number, take: (bytes: Buffer) => void): Promise<number> => {
    let passed = 0;
    while (passed < length) {
      const bytes = await some(length - passed);
      if (bytes.length === 0) break;
      take(bytes);
      passed += bytes.length;
    }
    position += passed;
    return passed;
  };
  return {
    get position() {
      return position;
    },
    take: async (length) => {
      const parts: Buffer[] = [];
      await pass(length, (bytes) => parts.push(bytes));
      return Buffer.concat(parts);
    },
    skip: (length) => pass(length, () => undefined),
    close: async () => {
      await chunks.return?.();
    },
  };
}

/** The next bytes that are there, at most `length`; none at the end. */
function inPieces(chunks: AsyncIterator<Uint8Array, unknown>): (length: number) => Promise<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  return async (length) => {
    while (rest.length === 0) {
      const next = await chunks.next();
      if (next.done === true) return rest;
      rest = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    }
    const bytes = rest.subarray(0, length);
    rest = rest.subarray(bytes.length);
    return bytes;
  };
}
