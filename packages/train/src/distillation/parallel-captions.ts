import { InputError } from '@azclip/base';
import { readPairs, type DataConfig, type Pair, type Split } from '@azclip/data';

/** A caption, and the same said in the teacher's language. */
export interface ParallelCaption {
  readonly imageId: string;
  /** 0-based among the captions of its image. */
  readonly index: number;
  readonly caption: string;
  readonly original: string;
}

/** Finds for the captions of `pairs` what says the same in the teacher's language: the caption of the same image at the same
 * place. Images that the teacher's set lacks are passed over.
 * @throws {InputError} if an image has another number of captions there, or no image is in both sets. */
export async function parallelCaptions(
  pairs: readonly Pair[],
  config: DataConfig,
  split: Split,
): Promise<ParallelCaption[]> {
  const originals = new Map<string, readonly string[]>();
  for await (const { imageId, captions } of readPairs(config, split)) originals.set(imageId, captions);
  const both = pairs.filter(({ imageId }) => originals.has(imageId));
  if (both.length === 0) {
    throw new InputError(`distillation.captions: expected images of data's ${split} part, got none of them`);
  }
  return both.flatMap(({ imageId, captions }) => {
    const said = originals.get(imageId) ?? [];
    if (said.length !== captions.length) {
      const counts = `${String(captions.length)} captions of "${imageId}" as in data, got ${String(said.length)}`;
      throw new InputError(`distillation.captions: expected ${counts}`);
    }
    return captions.map((caption, index) => ({ imageId, index, caption, original: said[index] ?? '' }));
  });
}
