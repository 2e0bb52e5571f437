import type { Language } from '../language/language-config.ts';
import { conceptMatcher } from './pattern.ts';
import type { LedgerLanguages, PreparedPair } from './prepared-pair.ts';
import { ramp } from './quantiles.ts';

const scriptPattern: Readonly<Record<Language['script'], RegExp>> = {
  Latn: /\p{Script=Latin}/gu,
  Cyrl: /\p{Script=Cyrillic}/gu,
  Arab: /\p{Script=Arabic}/gu,
  Armn: /\p{Script=Armenian}/gu,
  Geor: /\p{Script=Georgian}/gu,
};

/** Suspicion that a text is not of the target language: letters of another script, more words that speak for another
 * language (its letters, its frequent words and endings) than for the target, or not one of the letters that only the
 * target has though the set uses them so often that a text of this length should (ə, x and q against Turkish).
 * @param wordCounts - how often the translations of the set use each word. */
export function languageSignal(
  { source, target, rivals }: LedgerLanguages,
  wordCounts: ReadonlyMap<string, number>,
): (pair: PreparedPair) => number {
  const contests = [source, ...rivals]
    .filter(({ code, script }) => code !== target.code && script === target.script)
    .map((rival) => ({
      forRival: speaksFor(rival, target),
      forTarget: speaksFor(target, rival),
      lacking: lacksLetters(ownLetters(target, rival), wordCounts),
    }));
  return ({ foldedTarget, targetWords }) => {
    let suspicion = foreignScript(foldedTarget, target);
    for (const { forRival, forTarget, lacking } of contests) {
      const lead = targetWords.filter(forRival).length - targetWords.filter(forTarget).length;
      suspicion = Math.max(
        suspicion,
        ramp((lead - 0.5) / Math.max(1, targetWords.length), 0, 0.25),
        lacking(foldedTarget),
      );
    }
    return suspicion;
  };
}

/** Share of letters outside the script, from 20 % on suspect, from 60 % on certain. */
function foreignScript(folded: string, { script }: Language): number {
  const letters = folded.match(/\p{L}/gu)?.length ?? 0;
  const own = folded.match(scriptPattern[script])?.length ?? 0;
  return letters === 0 ? 1 : ramp(1 - own / letters, 0.1, 0.3);
}

/** Letters of `language` that `other` has not. */
const ownLetters = (language: Language, other: Language): ReadonlySet<string> =>
  new Set(Array.from(language.letters).filter((letter) => !other.letters.includes(letter)));

/** Suspicion that grows as (1 − share)^length shrinks from 1/50 to 1/1000, where share is how many letters of the set are
 * `letters`, and the text has none of them. */
function lacksLetters(
  letters: ReadonlySet<string>,
  wordCounts: ReadonlyMap<string, number>,
): (folded: string) => number {
  let [all, own] = [0, 0];
  for (const [word, count] of wordCounts) {
    const characters = Array.from(word);
    all += count * characters.length;
    own += count * characters.filter((letter) => letters.has(letter)).length;
  }
  const surprise = -Math.log(1 - own / (all + 1)); // nats a letter
  return (folded) => {
    const text = folded.match(/\p{L}/gu) ?? [];
    return text.some((letter) => letters.has(letter)) ? 0 : ramp(text.length * surprise, Math.log(50), Math.log(1000));
  };
}

/** Whether a word has a letter, or is a frequent word, of `language` and not of `other`. */
function speaksFor(language: Language, other: Language): (word: string) => boolean {
  const common = (l: Language): ((word: string) => boolean) => conceptMatcher(l.commonWords, l);
  const [isCommon, isCommonThere] = [common(language), common(other)];
  const letters = ownLetters(language, other);
  const known = new Map<string, boolean>();
  return (word) => {
    let answer = known.get(word);
    if (answer === undefined) {
      answer = Array.from(word).some((letter) => letters.has(letter)) || (isCommon(word) && !isCommonThere(word));
      if (known.size < 50_000) known.set(word, answer);
    }
    return answer;
  };
}
