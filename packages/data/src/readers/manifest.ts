import { dirname, relative, resolve } from 'node:path';
import { readJsonLines, writeFileAtomic } from '@azclip/base';
import { z } from 'zod';

import { raiseIssue } from '../issue.ts';
import type { Pair, Split } from '../pair.ts';
import { fileExists } from './file-exists.ts';
import type { ReadOptions } from './read-options.ts';
import type { ManifestConfig } from './reader-configs.ts';

const record = z
  .strictObject({
    id: z.string().min(1),
    /** Relative to the folder of the manifest, or absolute. */
    image: z.string().min(1),
    split: z.enum(['train', 'dev', 'test']),
    captions: z.array(z.string().min(1)).min(1),
    /** Perceptual hash, hexadecimal. */
    hash: z.string().optional(),
    /** How much each caption counts in training, such as the quality of its translation. */
    weights: z.array(z.number().gt(0).max(1)).optional(),
  })
  .refine(({ captions, weights }) => weights === undefined || weights.length === captions.length, {
    path: ['weights'],
    message: 'expected one weight a caption',
  });

/** One line of a manifest: an image file with its captions. */
export type ManifestRecord = z.output<typeof record>;

/** Streams the lines of a manifest.
 * @throws {InputError} naming file, line and key of the first that is none. */
export function readManifestRecords(path: string): AsyncGenerator<ManifestRecord> {
  return readJsonLines(path, record);
}

/** Streams the pairs of a part of a manifest.
 * @throws {InputError} if the file is wrong, or, under `onInvalid: fail`, at the first image that is not there. */
export async function* readManifest(
  config: ManifestConfig,
  split: Split,
  { onIssue }: ReadOptions = {},
): AsyncGenerator<Pair> {
  const folder = dirname(config.path);
  for await (const line of readManifestRecords(config.path)) {
    if (line.split !== split) continue;
    const path = resolve(folder, line.image);
    if (await fileExists(path)) yield { imageId: line.id, image: { path }, captions: line.captions, ...knownOf(line) };
    else {
      const message = `expected an image, got "${path}", which is not there`;
      raiseIssue({ kind: 'missing-image', place: `${config.path}: ${line.id}`, message }, config.onInvalid, onIssue);
    }
  }
}

function knownOf({ weights, hash }: ManifestRecord): Pick<Pair, 'weights' | 'hash'> {
  return { ...(weights === undefined ? {} : { weights }), ...(hash === undefined ? {} : { hash }) };
}

/** Writes a manifest whole; images below its folder are named relative to it, so that the folder can move. */
export async function writeManifest(
  path: string,
  records: AsyncIterable<ManifestRecord> | Iterable<ManifestRecord>,
): Promise<void> {
  await writeFileAtomic(path, lines(path, records));
}

async function* lines(
  path: string,
  records: AsyncIterable<ManifestRecord> | Iterable<ManifestRecord>,
): AsyncGenerator<string> {
  const folder = resolve(dirname(path));
  for await (const line of records) {
    const below = relative(folder, resolve(folder, line.image));
    const image = below.startsWith('..') ? resolve(folder, line.image) : below;
    yield `${JSON.stringify({ ...line, image })}\n`;
  }
}
