import {
  createTokenizer,
  learnWordPiece,
  loadTokenizer,
  tokenizerJson,
  trimVocabulary,
  type Tokenizer,
} from '@azclip/encoder-text/tokenizer';
import type { Pair } from '@azclip/data';

import type { FitConfig } from '../config.ts';

/** The tokenizer of a run: the given one trimmed to the pieces of the training captions, or WordPiece learned from them.
 * @throws {InputError} if the given file is no tokenizer. */
export async function prepareTokenizer(config: FitConfig, train: readonly Pair[]): Promise<Tokenizer> {
  const { file, vocabularySize, lowercase } = config.text.tokenizer;
  const { language } = config;
  const captions = train.flatMap((pair) => pair.captions);
  if (file === undefined) return learnWordPiece(captions, { size: vocabularySize, language, lowercase });
  return trimVocabulary(await loadTokenizer(file, { language, lowercase }), captions).tokenizer;
}

/** The tokenizer whose `tokenizer.json` holds `text`. */
export const tokenizerOf = (text: string): Tokenizer => createTokenizer(tokenizerJson.parse(JSON.parse(text)));
