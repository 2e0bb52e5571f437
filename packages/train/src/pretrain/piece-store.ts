import { open, stat } from 'node:fs/promises';

import { writeFileAtomic } from '@azclip/base';
import type { Tokenizer } from '@azclip/encoder-text/tokenizer';

/** A corpus as one long row of piece ids on disk, read anywhere. */
export interface PieceStore {
  /** Number of pieces. */
  readonly count: number;
  /** Ids of the pieces from `start` on. */
  read(start: number, count: number): Promise<Int32Array>;
  close(): Promise<void>;
}

const bytesPerPiece = 4;

/** Texts tokenized before their ids are written out. */
const chunkPieces = 65_536;

/** Writes the pieces of all texts one after another, each text ended by the last special piece, as little-endian int32.
 * @param onText - hears of every text, after it was tokenized. */
export async function writePieceStore(
  path: string,
  texts: AsyncIterable<string>,
  tokenizer: Pick<Tokenizer, 'idsOf'>,
  onText: (done: number) => void = () => undefined,
): Promise<void> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    let ids: number[] = [];
    let done = 0;
    for await (const text of texts) {
      for (const id of tokenizer.idsOf(text).slice(1)) ids.push(id);
      done += 1;
      onText(done);
      if (ids.length < chunkPieces) continue;
      yield toBytes(ids);
      ids = [];
    }
    yield toBytes(ids);
  }
  await writeFileAtomic(path, chunks());
}

/** Opens what {@link writePieceStore} wrote. */
export async function openPieceStore(path: string): Promise<PieceStore> {
  const { size } = await stat(path);
  const file = await open(path, 'r');
  return {
    count: Math.floor(size / bytesPerPiece),
    read: async (start, count) => {
      const bytes = Buffer.alloc(count * bytesPerPiece);
      await file.read(bytes, 0, bytes.length, start * bytesPerPiece);
      return Int32Array.from({ length: count }, (_, i) => bytes.readInt32LE(i * bytesPerPiece));
    },
    close: () => file.close(),
  };
}

function toBytes(ids: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(ids.length * bytesPerPiece);
  ids.forEach((id, i) => bytes.writeInt32LE(id, i * bytesPerPiece));
  return bytes;
}
