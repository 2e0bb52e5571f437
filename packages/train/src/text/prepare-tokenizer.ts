import { learnWordPiece, loadTokenizer, trimVocabulary, type Tokenizer } from '@azclip/encoder-text/tokenizer';
import type { Pair } from '@azclip/data';

import type { FitConfig } from '../config.ts';
import type { KeptVocabulary } from '../model/load-text-weights.ts';

/** The tokenizer of a run, and what was left of a stored vocabulary. */
export interface PreparedTokenizer {
  readonly tokenizer: Tokenizer;
  /** Of a trimmed tokenizer: the rows that its pieces have in a stored embedding table. */
  readonly vocabulary: KeptVocabulary | undefined;
}

/** The tokenizer of a run: the given one trimmed to the pieces of the training captions, or WordPiece learned from them.
 * @throws {InputError} if the given file is no tokenizer. */
export async function prepareTokenizer(config: FitConfig, train: readonly Pair[]): Promise<PreparedTokenizer> {
  const { file, vocabularySize, lowercase } = config.text.tokenizer;
  const { language } = config;
  const captions = train.flatMap((pair) => pair.captions);
  if (file === undefined) {
    return {
      tokenizer: learnWordPiece(captions, { size: vocabularySize, language, lowercase }),
      vocabulary: undefined,
    };
  }
  const full = await loadTokenizer(file, { language, lowercase });
  const { tokenizer, keptIds } = trimVocabulary(full, captions);
  return { tokenizer, vocabulary: { keptIds, fullSize: full.vocabSize } };
}
