import { InputError } from '@azclip/base';

import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { continuation } from '../tokenizer/word-piece-json.ts';

/** What hiding pieces must know of a vocabulary. */
export interface PieceKinds {
  /** Number of pieces. */
  readonly size: number;
  /** Id of the piece that hides others. */
  readonly mask: number;
  /** By id: 1 for special pieces, which are neither hidden nor drawn. */
  readonly special: Uint8Array;
  /** By id: 1 for pieces that go on with a word. */
  readonly continues: Uint8Array;
}

/** Sorts the pieces of a WordPiece tokenizer.
 * @throws {InputError} if it is no WordPiece, or has no mask piece. */
export function pieceKinds(tokenizer: Tokenizer): PieceKinds {
  const { model, added_tokens: added = [] } = tokenizer.toJson();
  const { mask } = tokenizer.special;
  if (Array.isArray(model.vocab) || model.type === 'BPE') {
    throw new InputError(`tokenizer: expected a WordPiece model, got ${model.type ?? 'another'}`);
  }
  if (mask === undefined) throw new InputError('tokenizer: expected a [MASK] piece, got none');
  const special = new Uint8Array(tokenizer.vocabSize);
  for (const { id } of added) special[id] = 1;
  const continues = new Uint8Array(tokenizer.vocabSize);
  for (const [piece, id] of Object.entries(model.vocab)) continues[id] = Number(piece.startsWith(continuation));
  return { size: tokenizer.vocabSize, mask, special, continues };
}
