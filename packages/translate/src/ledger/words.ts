import type { Language } from '../language/language-config.ts';

/** The text in lower case by the rules of its language, composed (NFC), typographic apostrophes as `'`. */
export function foldCase(text: string, { casing }: Pick<Language, 'casing'>): string {
  const composed = text.normalize('NFC').replace(/[’‘ʻʼ`]/gu, "'");
  return casing === null ? composed : composed.toLocaleLowerCase(casing);
}

/** The words of a folded text: letters, marks and digits, apostrophes and zero-width joiners inside. */
export function wordsOf(folded: string): string[] {
  return folded.match(/[\p{L}\p{M}\p{N}]+(?:['\u200c][\p{L}\p{M}\p{N}]+)*/gu) ?? [];
}
