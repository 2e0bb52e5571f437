import { join } from 'node:path';

import type { OnIssue, Pair } from '@azclip/data';
import { loadTokenizer } from '@azclip/encoder-text/tokenizer';
import { retrievalScores } from '@azclip/metrics';
import { openModel, type ModelConfig, type ModelVariant } from '@azclip/retrieval';
import { embedPairs, embedTexts, type EmbeddedPairs, type EncodeTexts } from '@azclip/retrieval/indexing';

/** Recall of a model and of one of its variants, by direction and cutoff: `text-to-image/recall@1`. */
export type VariantRecall = NonNullable<NonNullable<NonNullable<ModelConfig['variants']>[ModelVariant]>['recall']>;

/** Texts into ids, by the tokenizer of a model folder. */
export async function encodeTextsOf(folder: string, { language, lowercase }: ModelConfig): Promise<EncodeTexts> {
  const tokenizer = await loadTokenizer(join(folder, 'tokenizer.json'), { language, lowercase });
  return (texts, contextLength) => tokenizer.encode(texts, contextLength);
}

/** Scores a model folder and variants of it on the same pairs. */
export class VariantScorer {
  readonly #folder: string;
  readonly #pairs: readonly Pair[];
  readonly #encode: EncodeTexts;
  readonly #onIssue: OnIssue;
  readonly #images = new Map<string, EmbeddedPairs>(); // by the tower's file: a variant may share the model's own
  #float32: Promise<Map<string, number>> | undefined;

  constructor(folder: string, pairs: readonly Pair[], encode: EncodeTexts, onIssue: OnIssue) {
    this.#folder = folder;
    this.#pairs = pairs;
    this.#encode = encode;
    this.#onIssue = onIssue;
  }

  /** Recall of the model and of `variant`. */
  async score(variant: ModelVariant): Promise<VariantRecall> {
    this.#float32 ??= this.#recalls();
    const [float32, small] = [await this.#float32, await this.#recalls(variant)];
    return Object.fromEntries(
      [...float32].map(([name, recall]) => [name, { float32: recall, variant: small.get(name) ?? 0 }]),
    );
  }

  async #recalls(variant?: ModelVariant): Promise<Map<string, number>> {
    const model = await openModel(this.#folder, variant ? { variant } : {});
    try {
      const file = model.files['image.onnx'];
      const embedded =
        this.#images.get(file) ?? (await embedPairs(model, this.#pairs, { onCorrupt: 'skip', onIssue: this.#onIssue }));
      this.#images.set(file, embedded);
      const { pairs, images: imageFeatures } = embedded;
      const captions = pairs.flatMap((pair) => pair.captions);
      const scores = await retrievalScores({
        imageFeatures,
        textFeatures: await embedTexts(model, captions, this.#encode),
        dim: model.config.embedDim,
        imageOfText: pairs.flatMap((pair, i) => pair.captions.map(() => i)),
      });
      const named = (direction: string, recallAt: Readonly<Record<number, number>>): [string, number][] =>
        Object.entries(recallAt).map(([k, recall]) => [`${direction}/recall@${k}`, recall]);
      return new Map([
        ...named('text-to-image', scores.textToImage.recallAt),
        ...named('image-to-text', scores.imageToText.recallAt),
      ]);
    } finally {
      await model.dispose();
    }
  }
}
