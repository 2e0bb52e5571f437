import { join } from 'node:path';

import { loadTokenizer, type Tokenizer } from '@azclip/encoder-text/tokenizer';
import { openModel, type Model, type OpenModelOptions } from '@azclip/retrieval';

/** A model with its tokenizer: texts go in, vectors come out. */
export interface Embedder extends Model {
  readonly tokenizer: Tokenizer;
  /** Embeds texts.
   * @returns [texts, embedDim], unit rows. */
  embed(texts: readonly string[]): Promise<Float32Array>;
}

/** Opens a model folder with its tokenizer.
 * @throws {ModelError} if it is not one. */
export async function openEmbedder(folder: string, options: OpenModelOptions = {}): Promise<Embedder> {
  const model = await openModel(folder, options);
  const { language, lowercase, contextLength } = model.config;
  const tokenizer = await loadTokenizer(join(model.folder, 'tokenizer.json'), { language, lowercase });
  return {
    ...model,
    tokenizer,
    async embed(texts) {
      const { ids, mask } = tokenizer.encode(texts, contextLength);
      const tokens = longest(mask, texts.length, contextLength);
      const cut = { ids: new Int32Array(texts.length * tokens), mask: new Float32Array(texts.length * tokens) };
      for (let row = 0; row < texts.length; row += 1) {
        const start = row * contextLength;
        cut.ids.set(ids.subarray(start, start + tokens), row * tokens);
        cut.mask.set(mask.subarray(start, start + tokens), row * tokens);
      }
      return model.embedTexts(cut.ids, cut.mask, texts.length, tokens);
    },
  };
}

/** Tokens of the longest text: what stands behind it is padding in every row and need not be computed. */
function longest(mask: Float32Array, count: number, contextLength: number): number {
  let tokens = contextLength;
  const isPadding = (column: number): boolean => {
    for (let row = 0; row < count; row += 1) if (mask[row * contextLength + column] !== 0) return false;
    return true;
  };
  while (tokens > 1 && isPadding(tokens - 1)) tokens -= 1;
  return tokens;
}
