import { foldCase, wordsOf } from '../ledger/words.ts';
import type { Language } from './language-config.ts';

/** What is asked of a tokenizer. */
export interface WordTokenizer {
  /** Number of pieces of a word. */
  readonly piecesOf: (word: string) => number;
  /** Whether a piece of the word is the unknown one. */
  readonly isUnknown: (word: string) => boolean;
}

/** What a tokenizer makes of words. */
export interface WordReport {
  readonly count: number;
  readonly distinct: number;
  /** Mean over the words as they occur. English in multilingual BERT has about 1.2; above 3, captions get long and words
   * lose their meaning. */
  readonly piecesPerWord: number;
  /** Shares of the words as they occur: one piece; four and more; with the unknown piece. */
  readonly whole: number;
  readonly shattered: number;
  readonly unknown: number;
  /** The distinct words of most pieces, up to 8. */
  readonly worst: readonly string[];
}

/** What there is for a language, and what is missing. */
export interface LanguageReport {
  readonly language: Language;
  readonly codes: Readonly<Record<string, string>>;
  /** Absent without tokenizer. */
  readonly words?: WordReport;
  /** In words. */
  readonly missing: readonly string[];
}

/** What to measure with. */
export interface MeasureLanguageOptions {
  readonly tokenizer?: WordTokenizer;
  /** Texts of the language; the words of its file if there are none. */
  readonly texts?: AsyncIterable<string> | Iterable<string>;
}

/** Measures a tokenizer on a language, and looks for what its file and the texts lack of each other. */
export async function measureLanguage(
  language: Language,
  { tokenizer, texts }: MeasureLanguageOptions = {},
): Promise<LanguageReport> {
  const counts = new Map<string, number>();
  for await (const text of texts ?? [ownWords(language).join(' ')]) {
    for (const word of wordsOf(foldCase(text, language))) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return {
    language,
    codes: Object.fromEntries(
      Object.entries(language.codes).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    ...(tokenizer === undefined ? {} : { words: measureWords(counts, tokenizer) }),
    missing: [...missingCodes(language), ...missingLetters(language, counts), ...missingNumbers(language)],
  };
}

/** The whole words, without patterns' stars, that a language file holds. */
function ownWords({ commonWords, lexicon, prompts }: Language): string[] {
  const { numbers, colours, negation, sides } = lexicon;
  const patterns = [
    commonWords,
    negation,
    sides.left,
    sides.right,
    ...Object.values(numbers),
    ...Object.values(colours),
  ].flat();
  return [
    ...patterns.filter((pattern) => !pattern.includes('*')),
    ...prompts.map((prompt) => prompt.replace('{}', '')),
  ];
}

function measureWords(counts: ReadonlyMap<string, number>, { piecesOf, isUnknown }: WordTokenizer): WordReport {
  const words = [...counts].map(([word, count]) => ({ word, count, pieces: piecesOf(word), unknown: isUnknown(word) }));
  const total = Math.max(
    1,
    words.reduce((sum, { count }) => sum + count, 0),
  );
  const share = (which: (word: (typeof words)[number]) => boolean): number =>
    words.filter(which).reduce((sum, { count }) => sum + count, 0) / total;
  return {
    count: total,
    distinct: words.length,
    piecesPerWord: words.reduce((sum, { count, pieces }) => sum + count * pieces, 0) / total,
    whole: share(({ pieces, unknown }) => pieces === 1 && !unknown),
    shattered: share(({ pieces }) => pieces >= 4),
    unknown: share(({ unknown }) => unknown),
    worst: words
      .filter(({ pieces }) => pieces > 1)
      .sort((a, b) => b.pieces - a.pieces || b.count - a.count)
      .slice(0, 8)
      .map(({ word, pieces }) => `${word} (${String(pieces)})`),
  };
}

const missingCodes = ({ codes }: Language): string[] =>
  (['m2m100', 'madlad', 'opusMt', 'libretranslate'] as const)
    .filter((family) => codes[family] === undefined)
    .map((family) => `codes.${family}: that translator does not know the language, or its code was not filled in`);

/** Letters that make up more than one in 1,000 of the texts and are not in the alphabet. */
function missingLetters({ letters }: Language, counts: ReadonlyMap<string, number>): string[] {
  const seen = new Map<string, number>();
  let total = 0;
  for (const [word, count] of counts) {
    for (const letter of word.match(/\p{L}/gu) ?? []) {
      total += count;
      seen.set(letter, (seen.get(letter) ?? 0) + count);
    }
  }
  const strange = [...seen].filter(([letter, count]) => !letters.includes(letter) && count > total / 1000);
  return strange.length === 0 ? [] : [`letters: the texts often use ${strange.map(([letter]) => letter).join(' ')}`];
}

function missingNumbers({ lexicon }: Language): string[] {
  const wanted = ['2', '3', '4', '5', '6', '7', '8', '9', '10'].filter((number) => !(number in lexicon.numbers));
  return wanted.length === 0 ? [] : [`lexicon.numbers: ${wanted.join(', ')}`];
}
