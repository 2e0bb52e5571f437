import { createPieceModel, type PieceModel } from './piece-model.ts';
import type { SpecialIds, TokenBatch, Tokenizer } from './tokenizer.ts';
import type { TokenizerJson } from './tokenizer-json.ts';

/** Names under which tokenizers of the BERT and the RoBERTa family hold the special pieces. */
const specialNames = {
  pad: ['[PAD]', '<pad>'],
  unknown: ['[UNK]', '<unk>'],
  first: ['[CLS]', '<s>'],
  last: ['[SEP]', '</s>'],
  mask: ['[MASK]', '<mask>'],
} as const;

function specialIdsOf(model: PieceModel): SpecialIds {
  const find = (names: readonly string[]): number | undefined =>
    names.map((name) => model.token_to_id(name)).find((id) => id !== undefined);
  return {
    pad: find(specialNames.pad) ?? 0,
    unknown: find(specialNames.unknown),
    first: find(specialNames.first),
    last: find(specialNames.last),
    mask: find(specialNames.mask),
  };
}

/** Writes `ids` into row `row` of `batch`, cut to the row's length; what is cut keeps its last piece. */
function writeRow(batch: TokenBatch, row: number, ids: readonly number[], contextLength: number): void {
  const cut = ids.length <= contextLength ? ids : [...ids.slice(0, contextLength - 1), ...ids.slice(-1)];
  batch.ids.set(cut, row * contextLength);
  batch.mask.fill(1, row * contextLength, row * contextLength + cut.length);
}

/** Makes the tokenizer that a `tokenizer.json` describes. */
export function createTokenizer(json: TokenizerJson): Tokenizer {
  const model = createPieceModel(json);
  const special = specialIdsOf(model);
  const idsOf = (text: string): readonly number[] => model.encode(text).ids;
  return {
    vocabSize: model.get_vocab().size,
    special,
    idsOf,
    piecesOf: (text) => model.encode(text).tokens,
    encode: (texts, contextLength) => {
      if (contextLength < 2) throw new RangeError(`contextLength: expected at least 2, got ${String(contextLength)}`);
      const size = texts.length * contextLength;
      const batch = { ids: new Int32Array(size).fill(special.pad), mask: new Float32Array(size) };
      texts.forEach((text, row) => {
        writeRow(batch, row, idsOf(text), contextLength);
      });
      return batch;
    },
    toJson: () => json,
  };
}
