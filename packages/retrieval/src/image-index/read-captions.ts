import { access } from 'node:fs/promises';
import { join } from 'node:path';

import { readJsonLines } from '@azclip/base';
import { z } from 'zod';

import { flatFacts } from './image-file.ts';
import type { Metadata } from '../store/vector-store.ts';

const captionLine = z
  .looseObject({
    image: z.string().optional(),
    file: z.string().optional(),
    caption: z.string().optional(),
    captions: z.array(z.string()).optional(),
  })
  .refine(({ image, file }) => image !== undefined || file !== undefined, 'expected a key image or file');

/** Reads `captions.jsonl` of a folder of images where one stands: a line is `{"image": "a.jpg", "captions": ["…"]}`, or
 * has `file` and `caption`; other flat keys are facts that searches can be narrowed by.
 * @returns caption and facts of each file, by its path from the folder; captions are joined by line breaks.
 * @throws {InputError} naming the line that is none. */
export async function readCaptions(folder: string): Promise<Map<string, Metadata>> {
  const path = join(folder, 'captions.jsonl');
  const known = new Map<string, Metadata>();
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (!exists) return known;
  for await (const { image, file = image ?? '', caption, captions = [], ...rest } of readJsonLines(path, captionLine)) {
    const before = known.get(file);
    const texts = [before?.['caption'], ...captions, caption].filter((text) => text !== undefined && text !== '');
    const joined = texts.length > 0 ? { caption: texts.join('\n') } : {};
    known.set(file, { ...before, ...flatFacts(rest), ...joined });
  }
  return known;
}
