import { joinFloats } from '@azclip/base';
import { preprocessPairs, type Pair, type PreprocessPairsOptions } from '@azclip/data';

import type { Model } from '../model/open-model.ts';

/** Texts as a text tower takes them: [texts, contextLength] ids and mask, as a tokenizer encodes them. */
export type EncodeTexts = (
  texts: readonly string[],
  contextLength: number,
) => { readonly ids: Int32Array; readonly mask: Float32Array };

/** Images of pairs that could be read, and their features. */
export interface EmbeddedPairs {
  readonly pairs: readonly Pair[];
  /** [pairs, embedDim], unit rows. */
  readonly images: Float32Array;
}

/** Rows a run of a tower: fills the cores, takes little memory. */
const BATCH = 64;

/** Embeds the images of pairs.
 * @param issues - what becomes of images that cannot be decoded; by default they are passed over. */
export async function embedPairs(
  model: Model,
  pairs: Iterable<Pair>,
  issues: PreprocessPairsOptions = { onCorrupt: 'skip' },
): Promise<EmbeddedPairs> {
  const read: Pair[] = [];
  const rows: Float32Array[] = [];
  let waiting: Float32Array[] = [];
  const flush = async (): Promise<void> => {
    if (waiting.length > 0) rows.push(Float32Array.from(await model.embedImages(joinFloats(waiting), waiting.length)));
    waiting = [];
  };
  for await (const { pair, pixels } of preprocessPairs(pairs, model.config.preprocessing, issues)) {
    read.push(pair);
    if (waiting.push(pixels) === BATCH) await flush();
  }
  await flush();
  return { pairs: read, images: joinFloats(rows) };
}

/** Embeds texts.
 * @returns [texts, embedDim], unit rows. */
export async function embedTexts(model: Model, texts: readonly string[], encode: EncodeTexts): Promise<Float32Array> {
  const { contextLength, embedDim } = model.config;
  const features = new Float32Array(texts.length * embedDim);
  for (let start = 0; start < texts.length; start += BATCH) {
    const batch = texts.slice(start, start + BATCH);
    const { ids, mask } = encode(batch, contextLength);
    features.set(await model.embedTexts(ids, mask, batch.length, contextLength), start * embedDim);
  }
  return features;
}
