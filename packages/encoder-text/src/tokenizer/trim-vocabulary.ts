import { InputError } from '@azclip/base';

import { createTokenizer } from './create-tokenizer.ts';
import type { Tokenizer } from './tokenizer.ts';
import type { TokenizerJson } from './tokenizer-json.ts';
import { continuation } from './word-piece-json.ts';

/** A tokenizer cut down to the pieces that texts need. */
export interface TrimmedVocabulary {
  /** Gives every text that needs only kept pieces the same pieces as before. */
  readonly tokenizer: Tokenizer;
  /** Id before of the piece that has id i now: the rows to keep of an embedding. Ascending. */
  readonly keptIds: Int32Array;
  /** Pieces before. */
  readonly fullSize: number;
}

/** Keeps of a WordPiece vocabulary the special pieces, the pieces met in `texts`, and, so that no word of known letters
 * becomes unknown, every letter met, in either case, as a piece of its own.
 * Longest-match-first cutting looks for ever shorter pieces, and a kept piece that is longest among all is longest among the
 * kept: hence the same pieces as before.
 * @throws {InputError} if the tokenizer is no WordPiece. */
export function trimVocabulary(tokenizer: Tokenizer, texts: Iterable<string>): TrimmedVocabulary {
  const met = new Set<number>();
  for (const text of texts) for (const id of tokenizer.idsOf(text)) met.add(id);
  return trimTo(tokenizer, met);
}

/** {@link trimVocabulary} to a stream, such as a corpus that is not to stand in memory.
 * @param minCount - pieces that occur less often in `texts` go: a large corpus holds words of many languages.
 * @throws {InputError} if the tokenizer is no WordPiece. */
export async function trimVocabularyTo(
  tokenizer: Tokenizer,
  texts: AsyncIterable<string>,
  minCount = 1,
): Promise<TrimmedVocabulary> {
  const counts = new Uint32Array(tokenizer.vocabSize);
  for await (const text of texts) for (const id of tokenizer.idsOf(text)) counts[id] = (counts[id] ?? 0) + 1;
  return trimTo(tokenizer, new Set(Array.from(counts.keys()).filter((id) => (counts[id] ?? 0) >= minCount)));
}

function trimTo(tokenizer: Tokenizer, met: ReadonlySet<number>): TrimmedVocabulary {
  const json = tokenizer.toJson();
  const vocabulary = wordPieceVocabulary(json);
  const kept = new Set([...met, ...(json.added_tokens ?? []).map(({ id }) => id)]);
  const pieces = Object.entries(vocabulary).sort(([, a], [, b]) => a - b);
  const letters = new Set(pieces.filter(([, id]) => kept.has(id)).flatMap(([piece]) => Array.from(caseForms(piece))));
  for (const letter of letters) {
    for (const piece of [letter, continuation + letter]) {
      const id = vocabulary[piece];
      if (id !== undefined) kept.add(id);
    }
  }
  const remaining = pieces.filter(([, id]) => kept.has(id));
  return {
    tokenizer: createTokenizer(renumber(json, remaining)),
    keptIds: Int32Array.from(remaining, ([, id]) => id),
    fullSize: pieces.length,
  };
}

const caseForms = (piece: string): string =>
  piece + piece.toLowerCase() + piece.toUpperCase() + (/[iı]/iu.test(piece) ? 'iıIİ' : '');

function wordPieceVocabulary({ model }: TokenizerJson): Readonly<Record<string, number>> {
  const type = model.type ?? ('continuing_subword_prefix' in model ? 'WordPiece' : 'none'); // old files do not say it
  if (type === 'WordPiece') return model.vocab as Record<string, number>;
  throw new InputError(`tokenizer: expected a WordPiece model to trim, got ${type}`);
}

/** `json` with the ids of `remaining` counted anew, wherever ids stand. */
function renumber(json: TokenizerJson, remaining: readonly (readonly [string, number])[]): TokenizerJson {
  const newIds = new Map(remaining.map(([, id], place) => [id, place]));
  const renewed = (id: number): number => newIds.get(id) ?? id;
  const processor = json['post_processor'] as { special_tokens?: Record<string, { ids: number[] }> } | null;
  const specials = Object.entries(processor?.special_tokens ?? {});
  return {
    ...json,
    ...(json.added_tokens && { added_tokens: json.added_tokens.map((t) => ({ ...t, id: renewed(t.id) })) }),
    post_processor: processor && {
      ...processor,
      special_tokens: Object.fromEntries(specials.map(([k, v]) => [k, { ...v, ids: v.ids.map(renewed) }])),
    },
    model: { ...json.model, vocab: Object.fromEntries(remaining.map(([piece], id) => [piece, id])) },
  };
}
