import { Tokenizer } from '@huggingface/tokenizers';

import type { TokenizerJson } from './tokenizer-json.ts';

/** The parts of the tokenizer library that are used here. Its own declarations do not resolve under `nodenext` (their
 * relative imports lack extensions), so they are stated once, here. */
export interface PieceModel {
  /** Normalises a text; `null` where the file has no normaliser. */
  readonly normalizer: { normalize(text: string): string } | null;
  /** Cuts a normalised text into words; `null` where the file does not say how. */
  readonly pre_tokenizer: { pre_tokenize(text: string): string[] } | null;
  /** Pieces of a text, special ones included. */
  encode(text: string): { readonly ids: number[]; readonly tokens: string[] };
  /** Id of a piece. */
  token_to_id(piece: string): number | undefined;
  /** Every piece with its id. */
  get_vocab(): ReadonlyMap<string, number>;
}

const Library = Tokenizer as unknown as new (json: object, config: object) => PieceModel;

/** Makes the library's tokenizer from the content of a `tokenizer.json`. */
export const createPieceModel = (json: TokenizerJson): PieceModel =>
  new Library(
    { added_tokens: [], normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null, ...json },
    {},
  );
