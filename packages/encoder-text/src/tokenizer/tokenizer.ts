import type { TokenizerJson } from './tokenizer-json.ts';

/** Captions as ids, padded to one length. */
export interface TokenBatch {
  /** [batch, contextLength], row-major piece ids; the padding piece after each caption's end. */
  readonly ids: Int32Array;
  /** [batch, contextLength], row-major: 1 where a piece stands, 0 where padding does. */
  readonly mask: Float32Array;
}

/** Ids of the pieces that have a role; `undefined` where the vocabulary has none. */
export interface SpecialIds {
  /** Fills a batch up. */
  readonly pad: number;
  /** Stands for what the vocabulary cannot spell. */
  readonly unknown: number | undefined;
  /** Opens a text. */
  readonly first: number | undefined;
  /** Ends a text. */
  readonly last: number | undefined;
  /** Hides a piece in masked language modelling. */
  readonly mask: number | undefined;
}

/** Text into pieces of a fixed vocabulary. Normalisation is part of it: training and query pass through the same one. */
export interface Tokenizer {
  /** Number of pieces, special ones included: ids are 0 … vocabSize − 1. */
  readonly vocabSize: number;
  /** The ids with a role. */
  readonly special: SpecialIds;
  /** Ids of one text between its special pieces, neither padded nor cut. */
  idsOf(text: string): readonly number[];
  /** Pieces of one text, special ones included. */
  piecesOf(text: string): string[];
  /** Ids of texts padded or cut to `contextLength`; a text that is cut keeps its last special piece.
   * @throws {RangeError} if contextLength is below 2. */
  encode(texts: readonly string[], contextLength: number): TokenBatch;
  /** What `tokenizer.json` holds: all that is needed to make this tokenizer again. */
  toJson(): TokenizerJson;
}
