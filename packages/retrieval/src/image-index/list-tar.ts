import { basename } from 'node:path';

import { fileSource, tarMembers, type TarMember } from '@azclip/data/tar';

import { StoreError } from '../store/store-error.ts';
import { fileState, flatFacts, imageId, imageName, type ImageFile } from './image-file.ts';
import type { Metadata } from '../store/vector-store.ts';

/** Longest text beside an image, bytes: a caption, or a record of it. */
const LONGEST = 2 ** 16;

/** Lists the images of a WebDataset archive without reading them; `key.txt` and `key.json` beside `key.jpg` are captions and
 * facts of the same sample.
 * @param name - of the archive, from the folder that is indexed.
 * @throws {StoreError} if it is no archive or cut off. */
export async function listTar(path: string, name = basename(path)): Promise<ImageFile[]> {
  const { modified } = await fileState(path);
  const source = await fileSource(path).catch((error: unknown) => {
    throw new StoreError(`${path}: expected a tar archive, got ${(error as NodeJS.ErrnoException).code ?? 'none'}`);
  });
  const facts = new Map<string, Metadata>();
  const images: TarMember[] = [];
  try {
    for await (const member of tarMembers(source)) {
      if (imageName.test(member.name)) images.push(member);
      else if (/\.(?:txt|json)$/u.test(member.name) && member.size <= LONGEST) {
        const key = keyOf(member.name);
        const text = (await source.take(member.size)).toString('utf8');
        facts.set(key, { ...facts.get(key), ...factsOf(member.name, text) });
      }
    }
  } catch (error) {
    throw new StoreError(`${path}: expected a whole tar archive, got "${(error as Error).message}"`);
  } finally {
    await source.close();
  }
  return images.map(({ name: file, start, size: bytes }) => ({
    id: imageId(`${name}/${file}`),
    file,
    place: { path, archive: { part: name, start } },
    bytes,
    modified,
    facts: facts.get(keyOf(file)) ?? {},
  }));
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
