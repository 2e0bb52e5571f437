import { join } from 'node:path';

import { type ImageSource, imageName, type IssuePolicy, type OnIssue, type Pair, preprocessPairs } from '@azclip/data';
import { loadTokenizer } from '@azclip/encoder-text/tokenizer';
import { openModel } from '@azclip/retrieval';

/** A model folder as a pair of functions. */
export interface Embedder {
  /** Length of a feature row. */
  readonly dim: number;
  /** Names the model: changes with any byte that decides a feature. */
  readonly fingerprint: string;
  /** Embeds texts.
   * @returns [texts, dim], unit rows. */
  embedTexts(texts: readonly string[]): Promise<Float32Array>;
  /** Embeds the images of pairs.
   * @returns the pairs whose image could be read, and their features [pairs, dim], unit rows. */
  embedImages(pairs: readonly Pair[], policy: IssuePolicy, onIssue?: OnIssue): Promise<EmbeddedImages>;
  /** Frees the model. */
  dispose(): Promise<void>;
}

/** Images that could be read, and their features. */
export interface EmbeddedImages {
  readonly pairs: readonly Pair[];
  readonly features: Float32Array;
}

const BATCH = 64; // rows a run of a tower: enough to fill the cores, little memory

/** Opens a model folder for evaluation.
 * @throws {InputError} if it is none. */
export async function openEmbedder(folder: string): Promise<Embedder> {
  const model = await openModel(folder);
  const { language, lowercase, contextLength, embedDim, preprocessing } = model.config;
  const tokenizer = await loadTokenizer(join(model.folder, 'tokenizer.json'), { language, lowercase });
  return {
    dim: embedDim,
    fingerprint: model.config.fingerprint,
    async embedTexts(texts) {
      const features = new Float32Array(texts.length * embedDim);
      for (let start = 0; start < texts.length; start += BATCH) {
        const batch = texts.slice(start, start + BATCH);
        const { ids, mask } = tokenizer.encode(batch, contextLength);
        features.set(await model.embedTexts(ids, mask, batch.length, contextLength), start * embedDim);
      }
      return features;
    },
    async embedImages(pairs, policy, onIssue) {
      const issues = { onCorrupt: policy, ...(onIssue && { onIssue }) };
      const read: Pair[] = [];
      const parts: Float32Array[] = [];
      for await (const batch of inBatches(preprocessPairs(pairs, preprocessing, issues), BATCH)) {
        const pixels = concatenate(batch.map((item) => item.pixels));
        parts.push(await model.embedImages(pixels, batch.length));
        read.push(...batch.map(({ pair }) => pair));
      }
      return { pairs: read, features: concatenate(parts) };
    },
    dispose: () => model.dispose(),
  };
}

/** Pairs without captions for images that are only to be embedded. */
export function imagesAsPairs(images: readonly ImageSource[]): Pair[] {
  return images.map((image) => ({ imageId: imageName(image), image, captions: [] }));
}

async function* inBatches<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    if (batch.push(item) < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const part of parts) {
    whole.set(part, start);
    start += part.length;
  }
  return whole;
}
