import { InputError } from '@azclip/base';

import type { NormalizerStep } from './normalize.ts';
import type { TokenizerJson } from './tokenizer-json.ts';

/** The special pieces of BERT, in the order in which a vocabulary learned here opens. */
export const bertSpecialPieces = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'] as const;

/** What a WordPiece puts before a piece that continues a word. */
export const continuation = '##';

/** Splits off punctuation and white space, drops control characters, sets CJK characters apart: BERT's clean-up.
 * @param rest - casing and accents, by which cased and uncased BERT differ. */
export const bertClean = (rest: { lowercase: boolean; strip_accents: boolean | null }): NormalizerStep => ({
  type: 'BertNormalizer',
  clean_text: true,
  handle_chinese_chars: true,
  ...rest,
});

const template = (pieces: readonly string[]): { [kind: string]: { id: string; type_id: number } }[] =>
  pieces.map((id, place) => ({
    [place === 1 || place === 3 ? 'Sequence' : 'SpecialToken']: { id, type_id: +(place > 2) },
  }));

/** The `tokenizer.json` of a WordPiece model with BERT's frame, `[CLS] text [SEP]`.
 * @param vocabulary - pieces in the order of their ids.
 * @param steps - normalisation, in order.
 * @throws {InputError} if a special piece is missing or a piece stands twice.
 * @see Devlin et al. 2019, section 3 — https://arxiv.org/abs/1810.04805 */
export function wordPieceJson(vocabulary: readonly string[], steps: readonly NormalizerStep[]): TokenizerJson {
  const ids = new Map(vocabulary.map((piece, id) => [piece, id]));
  if (ids.size !== vocabulary.length) {
    const twice = vocabulary.find((piece, id) => ids.get(piece) !== id) ?? '';
    throw new InputError(`vocabulary: expected every piece once, got ${JSON.stringify(twice)} twice`);
  }
  const idOf = (piece: string): number => {
    const id = ids.get(piece);
    if (id === undefined) throw new InputError(`vocabulary: expected the special piece ${piece}, got none`);
    return id;
  };
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false };
  const special = (piece: string): [string, object] => [piece, { id: piece, ids: [idOf(piece)], tokens: [piece] }];
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: bertSpecialPieces.map((content) => ({ id: idOf(content), special: true, content, ...flags })),
    normalizer: { type: 'Sequence', normalizers: steps },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: template(['[CLS]', 'A', '[SEP]']),
      pair: template(['[CLS]', 'A', '[SEP]', 'B', '[SEP]']),
      special_tokens: Object.fromEntries([special('[CLS]'), special('[SEP]')]),
    },
    decoder: { type: 'WordPiece', prefix: continuation, cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: continuation,
      max_input_chars_per_word: 100, // as BERT: longer words are [UNK]
      vocab: Object.fromEntries(ids),
    },
  };
}
