import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InputError } from '@azclip/base';
import { extract, type Header } from 'tar-stream';

/** A file of a tar. */
export interface TarEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A file of a tar that was not read, and why. */
export interface TarProblem {
  readonly name: string;
  readonly problem: string;
}

/** Larger files are passed over; bytes. */
const MAX_ENTRY_SIZE = 64 * 2 ** 20;

/** Streams the files of a tar, local or over HTTP, one in memory at a time. Nothing is written anywhere; names that would
 * lead out of a folder are reported all the same, since they betray a malicious file.
 * @throws {InputError} if the tar cannot be read to its end. */
export async function* readTar(location: string): AsyncGenerator<TarEntry | TarProblem> {
  const archive = extract();
  const feeding = pipeline(await openTar(location), archive);
  feeding.catch(() => undefined); // the error reaches the loop below through the archive
  try {
    for await (const entry of archive) {
      const { header } = entry;
      const problem = header.type === 'file' ? problemOf(header) : undefined;
      if (header.type !== 'file' || problem !== undefined) {
        entry.resume();
        if (problem !== undefined) yield { name: header.name, problem };
        continue;
      }
      const chunks: Uint8Array[] = [];
      for await (const chunk of entry as AsyncIterable<Uint8Array>) chunks.push(chunk);
      yield { name: header.name, bytes: Buffer.concat(chunks) };
    }
    await feeding;
  } catch (error) {
    throw new InputError(`${location}: expected a tar that reads to its end, got "${(error as Error).message}"`);
  }
}

function problemOf({ name, size }: Header): string | undefined {
  if (name.startsWith('/') || name.includes('\\') || /(?:^|\/)\.\.(?:\/|$)/u.test(name) || name.includes('\0')) {
    return 'expected a name below the folder, got one that leads out of it';
  }
  if (size > MAX_ENTRY_SIZE) {
    return `expected at most ${String(MAX_ENTRY_SIZE)} bytes, got ${String(size)}`;
  }
  return undefined;
}

async function openTar(location: string): Promise<Readable> {
  if (!/^https?:/iu.test(location)) return createReadStream(location);
  const response = await fetch(location).catch((error: unknown) => {
    const { cause, message } = error as Error;
    throw new InputError(`${location}: expected an answer, got "${cause instanceof Error ? cause.message : message}"`);
  });
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw new InputError(`${location}: expected status 200, got ${String(response.status)}`);
  }
  return Readable.fromWeb(response.body);
}
