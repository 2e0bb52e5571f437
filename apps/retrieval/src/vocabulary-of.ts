import { createVocabulary, vocabularyPieces, type StoreItem, type Vocabulary } from '@azclip/retrieval';

import type { Embedder } from './embedder.ts';

/** The words a model and an index know: those of the captions, and the tokenizer's whole words, which are those of the
 * training captions where photographs have none of their own. */
export function vocabularyOf({ tokenizer, config }: Embedder, items: Iterable<StoreItem>): Vocabulary {
  const captions = Array.from(items, ({ metadata }) => String(metadata['caption'] ?? ''));
  const wholeWords = vocabularyPieces(tokenizer.toJson()).filter((piece) => /^\p{L}{3,}$/u.test(piece));
  return createVocabulary([...captions, ...wholeWords], config.language);
}
