import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';

import { StoreError } from '../store/store-error.ts';
import { fileState, flatFacts, imageId, imageName, type ImageFile } from './image-file.ts';
import type { Metadata } from '../store/vector-store.ts';

const BLOCK = 512;

/** Longest text beside an image, bytes: a caption, or a record of it. */
const LONGEST = 2 ** 16;

interface Member {
  readonly name: string;
  /** Where its bytes begin in the archive. */
  readonly start: number;
  readonly size: number;
}

/** Lists the images of a WebDataset archive without reading them; `key.txt` and `key.json` beside `key.jpg` are captions and
 * facts of the same sample.
 * @param name - of the archive, from the folder that is indexed.
 * @throws {StoreError} if it is no archive or cut off. */
export async function listTar(path: string, name = basename(path)): Promise<ImageFile[]> {
  const { bytes: total, modified } = await fileState(path);
  const file = await open(path).catch((error: unknown) => {
    throw new StoreError(`${path}: expected a tar archive, got ${(error as NodeJS.ErrnoException).code ?? 'none'}`);
  });
  try {
    const facts = new Map<string, Metadata>();
    const images: Member[] = [];
    for await (const member of members(path, file, total)) {
      if (imageName.test(member.name)) images.push(member);
      else if (/\.(?:txt|json)$/u.test(member.name) && member.size <= LONGEST) {
        const key = keyOf(member.name);
        facts.set(key, { ...facts.get(key), ...factsOf(member.name, (await read(file, member)).toString('utf8')) });
      }
    }
    return images.map(({ name: own, start, size }) => ({
      ...{
        id: imageId(`${name}/${own}`),
        file: own,
        place: { path, archive: { part: name, start } },
        bytes: size,
        modified,
      },
      facts: facts.get(keyOf(own)) ?? {},
    }));
  } finally {
    await file.close();
  }
}

/** What the members of one sample share: the name up to its first point. */
const keyOf = (name: string): string => /^((?:.*\/)?[^/.]*)/u.exec(name)?.[1] ?? name;

function factsOf(name: string, text: string): Metadata {
  if (name.endsWith('.txt')) return { caption: text.trim() };
  try {
    const value = JSON.parse(text) as { readonly captions?: unknown };
    const captions = Array.isArray(value.captions) ? { caption: value.captions.map(String).join('\n') } : {};
    return { ...flatFacts(value), ...captions };
  } catch {
    return {}; // a record of something else
  }
}

/** The members of an archive, from header to header. @see POSIX.1-2017, pax, ustar Interchange Format */
async function* members(path: string, file: FileHandle, total: number): AsyncGenerator<Member> {
  let longName = '';
  for (let at = 0; at + BLOCK <= total;) {
    const header = await read(file, { start: at, size: BLOCK });
    if (header.every((byte) => byte === 0)) return;
    const size = parseInt(text(header, 124, 136), 8);
    const isWhole = text(header, 257, 262) === 'ustar' && size >= 0 && at + BLOCK + size <= total;
    if (!isWhole) throw new StoreError(`${path}: expected a whole tar archive, got another or damaged file`);
    const body = { start: at + BLOCK, size };
    const kind = text(header, 156, 157);
    if (kind === 'L') longName = text(await read(file, body), 0, size);
    else if (kind === 'x') longName = paxPath((await read(file, body)).toString('utf8')) ?? longName;
    else if (kind === '0' || kind === '') {
      const [prefix, short] = [text(header, 345, 500), text(header, 0, 100)];
      yield { ...body, name: longName || (prefix ? `${prefix}/${short}` : short) };
      longName = '';
    } else longName = '';
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}

async function read(file: FileHandle, { start, size }: Pick<Member, 'start' | 'size'>): Promise<Buffer> {
  const bytes = Buffer.alloc(size);
  await file.read(bytes, 0, size, start);
  return bytes;
}

const text = (bytes: Buffer, from: number, to: number): string =>
  bytes.toString('utf8', from, to).split('\0')[0]?.trim() ?? '';

const paxPath = (record: string): string | undefined => /^\d+ path=(.*)$/mu.exec(record)?.[1];
