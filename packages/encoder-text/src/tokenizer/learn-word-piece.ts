import { InputError } from '@azclip/base';

import { createTokenizer } from './create-tokenizer.ts';
import { mergePairs, type CountedWord } from './merge-pairs.ts';
import { normalizerSteps, type NormalizerStep, type TextSettings } from './normalize.ts';
import { createPieceModel } from './piece-model.ts';
import type { Tokenizer } from './tokenizer.ts';
import { bertClean, bertSpecialPieces, continuation, wordPieceJson } from './word-piece-json.ts';

/** What a vocabulary is learned by. */
export interface LearnOptions extends Partial<TextSettings> {
  /** Most pieces, special ones and single letters included. */
  readonly size: number;
  /** Pairs that occur less often are not joined. */
  readonly minCount?: number;
}

/** Longer words are unknown to a WordPiece tokenizer, so nothing is learned from them. */
const longestWord = 100;

/** Words that pairs are counted in: of a large corpus the most frequent ones, which decide the pieces. */
const mostWords = 200_000;

/** Learns a WordPiece vocabulary from texts: all their letters, both as the first and as a later letter of a word, then the
 * pieces that joining the most frequent neighbours gives. The same texts give the same vocabulary.
 * @param options - language (default `az`) and casing (default: dropped) become part of the tokenizer.
 * @throws {InputError} if `size` does not even hold the special pieces and the letters.
 * @see Song et al. 2021, section 2 — https://arxiv.org/abs/2012.15524 */
export function learnWordPiece(texts: Iterable<string>, options: LearnOptions): Tokenizer {
  const counter = createWordCounter(options);
  for (const text of texts) counter.add(text);
  return learn(counter, options);
}

/** {@link learnWordPiece} from a stream: a corpus that is not to stand in memory.
 * @throws {InputError} if `size` does not even hold the special pieces and the letters. */
export async function learnWordPieceFrom(texts: AsyncIterable<string>, options: LearnOptions): Promise<Tokenizer> {
  const counter = createWordCounter(options);
  for await (const text of texts) counter.add(text);
  return learn(counter, options);
}

/** Normalisation of a vocabulary learned here. */
const stepsOf = ({ language = 'az', lowercase = true }: LearnOptions): NormalizerStep[] => [
  ...normalizerSteps({ language, lowercase }),
  bertClean({ lowercase: false, strip_accents: false }),
];

function learn(counter: WordCounter, options: LearnOptions): Tokenizer {
  const { size, minCount = 2 } = options;
  const words = counter.words();
  const alphabet = alphabetOf(words);
  const room = size - bertSpecialPieces.length - alphabet.length;
  if (room < 0) {
    const least = String(size - room);
    throw new InputError(
      `tokenizer.size: expected at least ${least} for the letters of the captions, got ${String(size)}`,
    );
  }
  const common = words.length > mostWords ? words.toSorted((a, b) => b.count - a.count).slice(0, mostWords) : words;
  const merged = mergePairs(common, alphabet, { pieces: room, minCount });
  return createTokenizer(wordPieceJson([...bertSpecialPieces, ...alphabet, ...merged], stepsOf(options)));
}

/** Counts the words as the tokenizer will see them: normalised, punctuation apart. */
interface WordCounter {
  add(text: string): void;
  words(): CountedWord[];
}

function createWordCounter(options: LearnOptions): WordCounter {
  const { normalizer, pre_tokenizer: split } = createPieceModel(wordPieceJson(bertSpecialPieces, stepsOf(options)));
  const counts = new Map<string, number>();
  return {
    add: (text) => {
      const normal = normalizer?.normalize(text) ?? text;
      for (const word of split?.pre_tokenize(normal) ?? []) counts.set(word, (counts.get(word) ?? 0) + 1);
    },
    words: () =>
      [...counts]
        .map(([word, count]) => ({ letters: Array.from(word), count }))
        .filter(({ letters }) => letters.length <= longestWord)
        .map(({ letters, count }) => ({
          pieces: letters.map((c, place) => (place === 0 ? c : continuation + c)),
          count,
        })),
  };
}

/** Every letter, digit and mark in both its forms; of punctuation, the forms met. Sorted by code point. */
function alphabetOf(words: readonly CountedWord[]): string[] {
  const alphabet = new Set(words.flatMap(({ pieces }) => pieces));
  for (const piece of [...alphabet]) {
    const letter = piece.startsWith(continuation) ? piece.slice(continuation.length) : piece;
    if (/[\p{L}\p{N}\p{M}]/u.test(letter)) alphabet.add(letter).add(continuation + letter);
  }
  return [...alphabet].sort((a, b) => (a < b ? -1 : 1));
}
