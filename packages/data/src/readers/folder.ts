import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@azclip/base';

import { raiseIssue } from '../issue.ts';
import type { Pair, Split } from '../pair.ts';
import { hashSplit } from './hash-split.ts';
import type { ReadOptions } from './read-options.ts';
import type { FolderConfig } from './reader-configs.ts';

/** File names that are taken for images. */
export const IMAGE_NAME = /\.(?:jpe?g|png|webp|gif|tiff?|avif)$/iu;

/** Reads a folder of images with captions in text files of the same stem; ids are paths below the folder, sorted.
 * @throws {InputError} if the folder is missing, or, under `onInvalid: fail`, at the first image without captions. */
export async function* readFolder(
  config: FolderConfig,
  split: Split,
  { onIssue }: ReadOptions = {},
): AsyncGenerator<Pair> {
  for await (const imageId of imagesBelow(config.path, '')) {
    if (hashSplit(imageId, config.splits) !== split) continue;
    const path = join(config.path, imageId);
    const captions = await captionsBeside(path);
    if (captions.length > 0) yield { imageId, image: { path }, captions };
    else {
      const message = 'expected captions in a text file of the same stem, got none';
      raiseIssue({ kind: 'no-captions', place: path, message }, config.onInvalid, onIssue);
    }
  }
}

/** Paths of the images below `root`, folder by folder in order. */
async function* imagesBelow(root: string, below: string): AsyncGenerator<string> {
  const entries = await readdir(join(root, below), { withFileTypes: true }).catch((error: unknown) => {
    throw new InputError(`${root}: expected a folder of images, got ${(error as NodeJS.ErrnoException).code ?? ''}`);
  });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(below, entry.name);
    if (entry.isDirectory()) yield* imagesBelow(root, path);
    else if (IMAGE_NAME.test(entry.name)) yield path;
  }
}

async function captionsBeside(image: string): Promise<string[]> {
  const text = await readFile(image.replace(IMAGE_NAME, '.txt'), 'utf8').catch(() => '');
  return text
    .replace(/^\uFEFF/u, '')
    .split(/\r?\n/u)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
