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

/** Suspicion that a text is not of the target language: letters of another script, or more words that speak for another
 * language (its letters, its frequent words and endings) than for the target. */
export function languageSignal({ source, target, rivals }: LedgerLanguages): (pair: PreparedPair) => number {
  const contests = [source, ...rivals]
    .filter(({ code, script }) => code !== target.code && script === target.script)
    .map((rival) => ({ forRival: speaksFor(rival, target), forTarget: speaksFor(target, rival) }));
  return ({ foldedTarget, targetWords }) => {
    let suspicion = foreignScript(foldedTarget, target);
    for (const { forRival, forTarget } of contests) {
      const lead = targetWords.filter(forRival).length - targetWords.filter(forTarget).length;
      suspicion = Math.max(suspicion, ramp((lead - 0.5) / Math.max(1, targetWords.length), 0, 0.25));
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

/** Whether a word has a letter, or is a frequent word, of `language` and not of `other`. */
function speaksFor(language: Language, other: Language): (word: string) => boolean {
  const common = (l: Language): ((word: string) => boolean) => conceptMatcher(l.commonWords, l);
  const [isCommon, isCommonThere] = [common(language), common(other)];
  const letters = new Set(Array.from(language.letters).filter((letter) => !other.letters.includes(letter)));
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
