export { tokenizerJson, type TokenizerJson } from './tokenizer-json.ts';
export type { SpecialIds, TokenBatch, Tokenizer } from './tokenizer.ts';
