import type { Language } from '../language/language-config.ts';
import { foldCase } from './words.ts';

/** Finds whether a folded text holds one of a concept's words. */
export type ConceptMatcher = (folded: string) => boolean;

const letter = '[\\p{L}\\p{M}\\p{N}]';

/** Makes one matcher of a concept's patterns: whole words, `*` stands for any letters; case and apostrophes do not count. */
export function conceptMatcher(patterns: readonly string[], language: Pick<Language, 'casing'>): ConceptMatcher {
  const alternatives = patterns.map((pattern) =>
    foldCase(pattern, language)
      .replace(/[.+?^${}()|[\]\\]/gu, '\\$&')
      .replaceAll('*', `(?:${letter}|['\u200c])*`)
      .replaceAll(' ', '\\s+'),
  );
  const expression = new RegExp(`(?<!${letter})(?:${alternatives.join('|')})(?!${letter})`, 'u');
  return (folded) => expression.test(folded);
}
