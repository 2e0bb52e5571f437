import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, readLines } from '@azclip/base';

import type { Flickr8kConfig } from '../config.ts';
import { raiseIssue } from '../issue.ts';
import type { Pair, Split } from '../pair.ts';
import { groupCaptions, type CaptionGroup, type CaptionLine } from './caption-groups.ts';
import { hashSplit } from './hash-split.ts';
import type { ReadOptions } from './read-options.ts';

const SPLITS = ['train', 'dev', 'test'] as const;

/** Reads a folder of images and a file of lines `name.jpg#0<tab>caption`; the captions stand in memory, the images do not.
 * @throws {InputError} if a file is missing, a split list is wrong, or, under `onInvalid: fail`, at the first wrong item. */
export async function* readFlickr8k(
  config: Flickr8kConfig,
  split: Split,
  options: ReadOptions = {},
): AsyncGenerator<Pair> {
  const folder = join(config.root, config.images);
  const images = new Set(await namesIn(folder));
  const lines = readTokenFile(join(config.root, config.captions), config, options);
  const captions = await groupCaptions(lines, config.onInvalid, options);
  const members =
    'train' in config.splits
      ? await listedMembers(config.root, config.splits, split)
      : drawnMembers(folder, images, captions, split, config.splits);
  for (const { name, place } of members) {
    const group = captions.get(name);
    if (!group) {
      const message = `expected an image of ${config.captions}, got "${name}", which has no caption there`;
      raiseIssue({ kind: 'no-captions', place, message }, config.onInvalid, options.onIssue);
    } else if (!images.has(name)) {
      const message = `expected an image of ${folder}, got "${name}", which is not there`;
      raiseIssue({ kind: 'missing-image', place: group.place, message }, config.onInvalid, options.onIssue);
    } else {
      yield { imageId: name, image: { path: join(folder, name) }, captions: group.captions };
    }
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    throw new InputError(`${folder}: expected a folder of images, got ${(error as NodeJS.ErrnoException).code ?? ''}`);
  }
}

async function* readTokenFile(
  path: string,
  { onInvalid }: Flickr8kConfig,
  { onIssue }: ReadOptions,
): AsyncGenerator<CaptionLine> {
  for await (const { text, number } of readLines(path)) {
    if (text.trim() === '') continue;
    const place = `${path}:${String(number)}`;
    const match = /^(?<image>[^\t/\\]+)#\d+\t(?<caption>.*)$/u.exec(text)?.groups;
    if (match) yield { image: match.image ?? '', caption: match.caption ?? '', place };
    else {
      const message = `expected "name.jpg#0<tab>caption", got ${JSON.stringify(text.slice(0, 60))}`;
      raiseIssue({ kind: 'malformed', place, message }, onInvalid, onIssue);
    }
  }
}

/** An image of the wanted part, and where that is said. */
interface Member {
  readonly name: string;
  readonly place: string;
}

/** Reads all three lists, since an image in two of them would be trained on and tested with. */
async function listedMembers(root: string, files: Readonly<Record<Split, string>>, wanted: Split): Promise<Member[]> {
  const seen = new Map<string, string>();
  const members: Member[] = [];
  for (const split of SPLITS) {
    const path = join(root, files[split]);
    let count = 0;
    for await (const { text, number } of readLines(path)) {
      const name = text.trim();
      if (name === '') continue;
      count += 1;
      const place = `${path}:${String(number)}`;
      const earlier = seen.get(name);
      if (earlier)
        throw new InputError(`${place}: expected every image in one list once, got "${name}" again after ${earlier}`);
      seen.set(name, place);
      if (split === wanted) members.push({ name, place });
    }
    if (count === 0) throw new InputError(`${path}: expected one image name a line, got an empty file`);
  }
  return members;
}

function drawnMembers(
  folder: string,
  images: ReadonlySet<string>,
  captions: ReadonlyMap<string, CaptionGroup>,
  split: Split,
  fractions: { readonly dev: number; readonly test: number },
): Member[] {
  const names = new Set([
    ...captions.keys(),
    ...[...images].filter((name) => /\.(jpe?g|png|webp)$/iu.test(name)).sort(),
  ]);
  return [...names]
    .filter((name) => hashSplit(name, fractions) === split)
    .map((name) => ({ name, place: join(folder, name) }));
}
