import { InputError } from '@azclip/base';

import { fileSource, streamSource, type ByteSource } from './byte-source.ts';
import { isUrl, openUrl } from '../remote/open-url.ts';
import { tarMembers, type TarMember } from './tar-members.ts';

/** A file of a tar. */
export interface TarEntry extends TarMember {
  /** Its content, where it was asked for. */
  readonly bytes: Uint8Array | undefined;
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
 * @param wanted - whose content to read; the rest of a local tar is not even read from the disk.
 * @throws {InputError} if the tar cannot be read to its end. */
export async function* readTar(
  location: string,
  wanted: (name: string) => boolean = () => true,
): AsyncGenerator<TarEntry | TarProblem> {
  let source: ByteSource | undefined;
  try {
    source = isUrl(location) ? streamSource((await openUrl(location)).body) : await fileSource(location);
    for await (const member of tarMembers(source)) {
      const problem = problemOf(member);
      if (problem === undefined) yield { ...member, bytes: await contentOf(member, source, wanted) };
      else yield { name: member.name, problem };
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${location}: expected a tar that reads to its end, got "${(error as Error).message}"`);
  } finally {
    await source?.close();
  }
}

async function contentOf(
  { name, size }: TarMember,
  source: ByteSource,
  wanted: (name: string) => boolean,
): Promise<Uint8Array | undefined> {
  if (!wanted(name)) return undefined;
  const bytes = await source.take(size);
  if (bytes.length < size) throw new Error('an end within a member');
  return bytes;
}

function problemOf({ name, size }: TarMember): string | undefined {
  if (name.startsWith('/') || name.includes('\\') || /(?:^|\/)\.\.(?:\/|$)/u.test(name)) {
    return 'expected a name below the folder, got one that leads out of it';
  }
  if (size > MAX_ENTRY_SIZE) {
    return `expected at most ${String(MAX_ENTRY_SIZE)} bytes, got ${String(size)}`;
  }
  return undefined;
}
