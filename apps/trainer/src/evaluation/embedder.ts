import { join } from 'node:path';

import { type ImageSource, imageName, type IssuePolicy, type OnIssue, type Pair } from '@azclip/data';
import { loadTokenizer } from '@azclip/encoder-text/tokenizer';
import { openModel } from '@azclip/retrieval';
import { embedPairs, embedTexts, type EmbeddedPairs } from '@azclip/retrieval/indexing';

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
   * @returns the pairs whose image could be read, and their features. */
  embedImages(pairs: readonly Pair[], policy: IssuePolicy, onIssue?: OnIssue): Promise<EmbeddedPairs>;
  /** Frees the model. */
  dispose(): Promise<void>;
}

/** Opens a model folder for evaluation.
 * @throws {InputError} if it is none. */
export async function openEmbedder(folder: string): Promise<Embedder> {
  const model = await openModel(folder);
  const { language, lowercase, embedDim } = model.config;
  const tokenizer = await loadTokenizer(join(model.folder, 'tokenizer.json'), { language, lowercase });
  return {
    dim: embedDim,
    fingerprint: model.config.fingerprint,
    embedTexts: (texts) => embedTexts(model, texts, (batch, length) => tokenizer.encode(batch, length)),
    embedImages: (pairs, policy, onIssue) =>
      embedPairs(model, pairs, { onCorrupt: policy, ...(onIssue && { onIssue }) }),
    dispose: () => model.dispose(),
  };
}

/** Pairs without captions for images that are only to be embedded. */
export function imagesAsPairs(images: readonly ImageSource[]): Pair[] {
  return images.map((image) => ({ imageId: imageName(image), image, captions: [] }));
}
