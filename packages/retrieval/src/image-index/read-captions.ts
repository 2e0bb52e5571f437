import { access } from 'node:fs/promises';
import { join } from 'node:path';

import { readJsonLines } from '@azclip/base';
import { z } from 'zod';

const captionLine = z
  .looseObject({
    image: z.string().optional(),
    file: z.string().optional(),
    caption: z.string().optional(),
    captions: z.array(z.string()).optional(),
  })
  .refine(({ image, file }) => image !== undefined || file !== undefined, 'expected a key image or file');

/** Reads `captions.jsonl` of a folder of images where one stands: a line is `{"image": "a.jpg", "captions": ["…"]}`, or
 * has `file` and `caption`.
 * @returns the captions of each file, by its path from the folder.
 * @throws {InputError} naming the line that is none. */
export async function readCaptions(folder: string): Promise<Map<string, readonly string[]>> {
  const path = join(folder, 'captions.jsonl');
  const captions = new Map<string, readonly string[]>();
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (!exists) return captions;
  for await (const line of readJsonLines(path, captionLine)) {
    const file = line.file ?? line.image ?? '';
    captions.set(file, [
      ...(captions.get(file) ?? []),
      ...(line.captions ?? []),
      ...(line.caption ? [line.caption] : []),
    ]);
  }
  return captions;
}
