export { createTokenizer } from './create-tokenizer.ts';
export { learnWordPiece, learnWordPieceFrom, type LearnOptions } from './learn-word-piece.ts';
export { loadTokenizer, type LoadOptions } from './load-tokenizer.ts';
export { normalizeText, type TextSettings } from './normalize.ts';
export { tokenizerJson, type TokenizerJson } from './tokenizer-json.ts';
export type { SpecialIds, TokenBatch, Tokenizer } from './tokenizer.ts';
export { trimVocabulary, trimVocabularyTo, type TrimmedVocabulary } from './trim-vocabulary.ts';
