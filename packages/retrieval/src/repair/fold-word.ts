/** Letters of the Turkic Latin alphabets that many keyboards lack, and what people type for them. */
const typed: Readonly<Record<string, string>> = {
  ...{ ə: 'e', ä: 'e', ş: 's', ç: 'c', ğ: 'g', ö: 'o', ü: 'u', ı: 'i', ñ: 'n', â: 'a', î: 'i', û: 'u' },
};

/** A word as it comes from a keyboard without the language's letters: lower case by the language's rules, ə as e, ş as
 * s and so on; `sh` and `ch`, another habit, count as s and c. Words that people confuse fold to the same. */
export function foldWord(word: string, language: string): string {
  const lower = word.normalize('NFC').toLocaleLowerCase(language);
  return Array.from(lower, (letter) => typed[letter] ?? letter)
    .join('')
    .replace(/([sc])h/gu, '$1');
}
