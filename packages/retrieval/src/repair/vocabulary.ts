import { foldWord } from './fold-word.ts';

/** Words that are known, by how they are typed without the language's letters. */
export interface Vocabulary {
  readonly language: string;
  /** Whether a word, in lower case, is known as it stands. */
  has(word: string): boolean;
  /** Known words that a word may stand for, most frequent first. */
  alternatives(word: string): readonly string[];
}

const words = /[\p{L}\p{M}]+/gu;

/** Counts the words of `texts` (captions, or the pieces of a tokenizer) into a vocabulary. */
export function createVocabulary(texts: Iterable<string>, language: string): Vocabulary {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const [word] of text.normalize('NFC').toLocaleLowerCase(language).matchAll(words)) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  const byFold = new Map<string, string[]>();
  for (const [word] of [...counts].sort(([, a], [, b]) => b - a)) {
    const fold = foldWord(word, language);
    byFold.set(fold, [...(byFold.get(fold) ?? []), word]);
  }
  return {
    language,
    has: (word) => counts.has(word),
    alternatives: (word) => byFold.get(foldWord(word, language)) ?? [],
  };
}

/** Readings of a query in which words the vocabulary does not know give way to those they may stand for:
 * «seher» → «şəhər», «səhər». Words that are known, and those nothing is known for, stay as they are.
 * @returns at most `limit` whole queries, the likeliest first; none where nothing is to be mended. */
export function repairQuery(query: string, vocabulary: Vocabulary, limit = 3): string[] {
  let readings = [''];
  let end = 0;
  let mended = false;
  for (const match of query.normalize('NFC').matchAll(words)) {
    const [word] = match;
    const lower = word.toLocaleLowerCase(vocabulary.language);
    const choices = vocabulary.has(lower) ? [] : vocabulary.alternatives(word).slice(0, limit);
    mended ||= choices.length > 0;
    const before = query.normalize('NFC').slice(end, match.index);
    end = match.index + word.length;
    const forms = choices.length > 0 ? choices : [word];
    readings = readings.flatMap((reading) => forms.map((form) => reading + before + form)).slice(0, limit * limit);
  }
  return mended ? readings.map((reading) => reading + query.normalize('NFC').slice(end)).slice(0, limit) : [];
}
