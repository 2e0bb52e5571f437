import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes `path` whole or not at all: a temporary file beside it is filled, synced and renamed over it, so that a crash
 * or a full disk leaves the old content. Missing folders are made.
 * @param content - text (UTF-8), bytes, or a stream of chunks for what should not stand in memory at once.
 * @throws the file system's error; the temporary file is removed. */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array | AsyncIterable<string | Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      const whole = typeof content === 'string' || content instanceof Uint8Array;
      for await (const chunk of whole ? [content] : content) await file.writeFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
