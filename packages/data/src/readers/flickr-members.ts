import { join } from 'node:path';
import { InputError, readLines } from '@azclip/base';

import type { Split } from '../pair.ts';
import type { CaptionGroup } from './caption-groups.ts';
import { IMAGE_NAME } from './folder.ts';
import { hashSplit, type SplitFractions } from './hash-split.ts';
import { karpathySplits } from './karpathy.ts';
import { fileExists } from './file-exists.ts';
import type { FlickrConfig } from './reader-configs.ts';
import { underRoot } from './under-root.ts';

const SPLITS = ['train', 'dev', 'test'] as const;

/** An image of the wanted part, and where that is said. */
export interface FlickrMember {
  readonly name: string;
  readonly place: string;
}

/** What was found of a set. */
export interface FlickrContent {
  readonly folder: string;
  readonly images: ReadonlySet<string>;
  readonly captions: ReadonlyMap<string, CaptionGroup>;
}

/** The images of a part: listed in files, in Karpathy's file, or drawn by chance. */
export async function flickrMembers(
  { root, splits }: FlickrConfig,
  wanted: Split,
  content: FlickrContent,
): Promise<FlickrMember[]> {
  if ('train' in splits) return listedMembers(root, splits, wanted);
  if ('karpathy' in splits) return karpathyMembers(underRoot(root, splits.karpathy), wanted);
  return drawnMembers(content, wanted, splits);
}

/** Reads all three lists, since an image in two of them would be trained on and tested with. */
async function listedMembers(
  root: string,
  files: Readonly<Record<Split, string>>,
  wanted: Split,
): Promise<FlickrMember[]> {
  const seen = new Map<string, string>();
  const members: FlickrMember[] = [];
  for (const split of SPLITS) {
    const path = underRoot(root, files[split]);
    if (!(await fileExists(path))) {
      const without = 'a set without lists is parted by chance: splits: { dev: 0.1, test: 0.1 }';
      throw new InputError(`${path}: expected the list of the part ${split}, got none; ${without}`);
    }
    let count = 0;
    for await (const { text, number } of readLines(path)) {
      const name = text.trim();
      if (name === '') continue;
      count += 1;
      const place = `${path}:${String(number)}`;
      const earlier = seen.get(name);
      if (earlier !== undefined) {
        const got = `got "${name}" again after ${earlier}`;
        throw new InputError(`${place}: expected every image in one list once, ${got}`);
      }
      seen.set(name, place);
      if (split === wanted) members.push({ name, place });
    }
    if (count === 0) throw new InputError(`${path}: expected one image name a line, got an empty file`);
  }
  return members;
}

async function karpathyMembers(path: string, wanted: Split): Promise<FlickrMember[]> {
  const splits = await karpathySplits(path);
  return [...splits].filter(([, split]) => split === wanted).map(([name]) => ({ name, place: path }));
}

function drawnMembers(
  { folder, images, captions }: FlickrContent,
  wanted: Split,
  fractions: SplitFractions,
): FlickrMember[] {
  const names = new Set([...captions.keys(), ...[...images].filter((name) => IMAGE_NAME.test(name)).sort()]);
  return [...names]
    .filter((name) => hashSplit(name, fractions) === wanted)
    .map((name) => ({ name, place: join(folder, name) }));
}
