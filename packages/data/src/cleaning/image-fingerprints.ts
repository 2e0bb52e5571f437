import { readJsonLines, writeFileAtomic } from '@azclip/base';
import { z } from 'zod';

import { decodeImage } from '../image/decode-image.ts';
import { CorruptImageError } from '../image/decode-with-libvips.ts';
import type { Pair } from '../pair.ts';
import { formatHash, imageHash, parseHash, type ImageHash } from './image-hash.ts';
import type { ImageFingerprint } from './leak-guard.ts';

/** Name of the file in a model folder that says what the model was trained on. */
export const trainedImagesName = 'trained-images.jsonl';

/** Streams what tells the images of pairs from others. Hashes that a manifest brings are taken from it, others computed from
 * the decoded image, some 1.5 ms each. Images that were drawn and never were a file have no look worth a hash: simple drawings look
 * alike; nor have those that cannot be decoded. */
export async function* fingerprintImages(
  pairs: Iterable<Pair> | AsyncIterable<Pair>,
): AsyncGenerator<ImageFingerprint> {
  for await (const pair of pairs) {
    const hash = await hashOf(pair);
    yield hash === undefined ? { id: pair.imageId } : { id: pair.imageId, hash };
  }
}

async function hashOf({ image, hash }: Pair): Promise<ImageHash | undefined> {
  const known = hash === undefined ? undefined : parseHash(hash);
  if (known ?? 'pixels' in image) return known;
  try {
    return imageHash(await decodeImage(image));
  } catch (error) {
    if (error instanceof CorruptImageError) return undefined;
    throw error;
  }
}

/** Writes fingerprints as JSON Lines `{id, hash}`, whole or not at all. */
export async function writeFingerprints(path: string, images: AsyncIterable<ImageFingerprint>): Promise<void> {
  await writeFileAtomic(path, lines(images));
}

async function* lines(images: AsyncIterable<ImageFingerprint>): AsyncGenerator<string> {
  for await (const { id, hash } of images) {
    yield `${JSON.stringify({ id, ...(hash === undefined ? {} : { hash: formatHash(hash) }) })}\n`;
  }
}

const line = z.strictObject({
  id: z.string().min(1),
  hash: z
    .string()
    .refine((text) => parseHash(text) !== undefined, 'expected 38 hexadecimal digits')
    .optional(),
});

/** Streams the fingerprints of a file.
 * @throws {InputError} naming file, line and key of the first that is none. */
export async function* readFingerprints(path: string): AsyncGenerator<ImageFingerprint> {
  for await (const { id, hash: text } of readJsonLines(path, line)) {
    const hash = text === undefined ? undefined : parseHash(text);
    yield hash === undefined ? { id } : { id, hash };
  }
}
