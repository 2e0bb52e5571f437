import { dirname, join, normalize } from 'node:path';
import { InputError } from '@azclip/base';
import { z } from 'zod';

import { raiseIssue } from '../issue.ts';
import type { Pair, Split } from '../pair.ts';
import { parseRecord } from './coco.ts';
import { readJsonElements } from './json-elements.ts';
import { fileExists } from './file-exists.ts';
import type { ReadOptions } from './read-options.ts';
import type { KarpathyConfig } from './reader-configs.ts';

const record = z.looseObject({
  filename: z.string().regex(/^[^/\\]+$/u, 'expected a file name'),
  filepath: z.string().optional(),
  split: z.enum(['train', 'restval', 'val', 'test']),
  sentences: z.array(z.looseObject({ raw: z.string() })),
});

/** An image of a file `dataset_*.json`. */
interface KarpathyImage {
  readonly name: string;
  readonly folder: string;
  readonly split: Split | 'restval';
  readonly sentences: readonly string[];
  readonly place: string;
}

/** Reads captions and parts of a file `dataset_*.json`, streamed.
 * @see Karpathy and Fei-Fei 2015, https://cs.stanford.edu/people/karpathy/deepimagesent/
 * @throws {InputError} if the file or a key is missing, or, under `onInvalid: fail`, at the first wrong item. */
export async function* readKarpathy(
  config: KarpathyConfig,
  split: Split,
  { onIssue }: ReadOptions = {},
): AsyncGenerator<Pair> {
  const root = config.images ?? dirname(config.path);
  for await (const image of imagesOf(config.path)) {
    if ((image.split === 'restval' && config.restval ? 'train' : image.split) !== split) continue;
    const { name, place } = image;
    const path = join(root, image.folder, name);
    const captions = image.sentences.map((text) => text.trim()).filter((text) => text !== '');
    if (captions.length < image.sentences.length) {
      const message = `expected captions of "${name}", got an empty one`;
      raiseIssue({ kind: 'empty-caption', place, message }, config.onInvalid, onIssue);
    }
    if (captions.length === 0) {
      raiseIssue(
        { kind: 'no-captions', place, message: `expected captions of "${name}", got none` },
        config.onInvalid,
        onIssue,
      );
    } else if (await fileExists(path)) yield { imageId: name, image: { path }, captions };
    else {
      const message = `expected an image, got "${path}", which is not there`;
      raiseIssue({ kind: 'missing-image', place, message }, config.onInvalid, onIssue);
    }
  }
}

/** The part of each image, by file name; `restval` counts as train. */
export async function karpathySplits(path: string): Promise<Map<string, Split>> {
  const splits = new Map<string, Split>();
  for await (const { name, split } of imagesOf(path)) splits.set(name, split === 'restval' ? 'train' : split);
  return splits;
}

async function* imagesOf(path: string): AsyncGenerator<KarpathyImage> {
  let count = 0;
  for await (const { member, value } of readJsonElements(path)) {
    if (member !== 'images') continue;
    const place = `${path}: images[${String(count++)}]`;
    const { filename, filepath, split, sentences } = parseRecord(record, value, place);
    const folder = normalize(filepath ?? '.');
    if (folder.startsWith('..') || folder.startsWith('/')) {
      throw new InputError(`${place}: expected a folder below the images', got "${folder}"`);
    }
    yield {
      name: filename,
      folder,
      split: split === 'val' ? 'dev' : split,
      sentences: sentences.map(({ raw }) => raw),
      place,
    };
  }
  if (count === 0) throw new InputError(`${path}: expected a member "images" with images, got none`);
}
