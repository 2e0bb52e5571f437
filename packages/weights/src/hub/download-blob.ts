import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { sizeOf } from './cache-layout.ts';
import { HubError } from './hub-error.ts';

/** A file on the hub, as its repository describes it. */
export interface RemoteFile {
  /** Name within the repository. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Hexadecimal: SHA-256 of the content, or git's SHA-1 of a small file. */
  readonly checksum: string;
}

/** How far the download of a file has come. */
export interface DownloadProgress {
  /** Name within the repository. */
  readonly file: string;
  readonly receivedBytes: number;
  readonly totalBytes: number;
}

/** What steers a download. */
export interface DownloadOptions {
  /** Called as bytes come in; a caller that draws should thin them out. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Wait before the second attempt, doubled before each further one; 500 unless told. */
  readonly retryDelayMs?: number | undefined;
}

/** Attempts in a row that bring not one byte. */
const maxIdleAttempts = 5;

/** Downloads a file to `target`: goes on from `target.incomplete` where an earlier download, or attempt, ended, and
 * checks size and checksum before the file gets its name.
 * @param contentFrom - opens the content from a byte on.
 * @throws {HubError} if no attempt brings more, or the content is not the one described; a wrong content is removed. */
export async function downloadBlob(
  file: RemoteFile,
  target: string,
  contentFrom: (offset: number) => Promise<AsyncIterable<Uint8Array>>,
  options: DownloadOptions = {},
): Promise<void> {
  const partial = `${target}.incomplete`;
  await mkdir(dirname(target), { recursive: true });
  let idle = 0;
  for (let have = await usableSize(partial, file); have !== file.size;) {
    const problem = await append(partial, file, have, contentFrom, options);
    options.signal?.throwIfAborted();
    const reached = await usableSize(partial, file);
    idle = reached > have ? 0 : idle + 1;
    if (idle === maxIdleAttempts)
      throw new HubError(`${file.path}: the download failed: ${problem ?? 'no content came'}`);
    if (reached !== file.size) await sleep((options.retryDelayMs ?? 500) * 2 ** idle, undefined, options);
    have = reached;
  }
  if (file.size === 0) await (await open(partial, 'w')).close();
  await verify(partial, file);
  await rename(partial, target);
}

/** Bytes that a further attempt can build on; a file longer than the content is removed: it is none of it. */
async function usableSize(partial: string, file: RemoteFile): Promise<number> {
  const size = (await sizeOf(partial)) ?? 0;
  if (size <= file.size) return size;
  await rm(partial);
  return 0;
}

/** One attempt. @returns what ended it early, in words; undefined if nothing did. */
async function append(
  partial: string,
  file: RemoteFile,
  offset: number,
  contentFrom: (offset: number) => Promise<AsyncIterable<Uint8Array>>,
  { onProgress, signal }: DownloadOptions,
): Promise<string | undefined> {
  const output = await open(partial, 'a');
  try {
    let receivedBytes = offset;
    for await (const chunk of await contentFrom(offset)) {
      signal?.throwIfAborted();
      await output.writeFile(chunk);
      receivedBytes += chunk.length;
      onProgress?.({ file: file.path, receivedBytes, totalBytes: file.size });
    }
    await output.sync();
    return undefined;
  } catch (error) {
    if (isDiskError(error)) throw error;
    return error instanceof Error ? error.message : String(error);
  } finally {
    await output.close();
  }
}

/** Whether writing failed, which no further attempt mends. */
const isDiskError = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EFBIG'].includes((error as NodeJS.ErrnoException).code ?? '');

async function verify(partial: string, { path, size, checksum }: RemoteFile): Promise<void> {
  const isGit = checksum.length === 40;
  const hash = createHash(isGit ? 'sha1' : 'sha256');
  if (isGit) hash.update(`blob ${String(size)}\0`);
  for await (const chunk of createReadStream(partial)) hash.update(chunk as Uint8Array);
  const actual = hash.digest('hex');
  if (actual === checksum) return;
  await rm(partial);
  throw new HubError(`${path}: expected a content of checksum ${checksum}, got ${actual}; it was removed, try again`);
}
