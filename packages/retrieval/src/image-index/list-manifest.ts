import { dirname, resolve } from 'node:path';

import { readJsonLines } from '@azclip/base';
import { z } from 'zod';

import { fileState, flatFacts, imageId, type ImageFile } from './image-file.ts';

const record = z.looseObject({
  id: z.string().min(1),
  /** Relative to the folder of the manifest, or absolute. */
  image: z.string().min(1),
  captions: z.array(z.string()).default([]),
});

/** Lists the images of a manifest, as `trainer:prepare` writes it; its other flat keys are kept as facts.
 * @throws {InputError} naming the line that is none. */
export async function listManifest(path: string): Promise<ImageFile[]> {
  const images: ImageFile[] = [];
  for await (const { id, image, captions, ...rest } of readJsonLines(path, record)) {
    const place = { path: resolve(dirname(path), image) };
    const caption = captions.length > 0 ? { caption: captions.join('\n') } : {};
    const facts = { ...flatFacts(rest), ...caption };
    images.push({ id: imageId(id), file: image, place, ...(await fileState(place.path)), facts });
  }
  return images;
}
