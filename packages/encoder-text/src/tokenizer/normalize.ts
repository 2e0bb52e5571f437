import { InputError } from '@azclip/base';

/** How text is made uniform before it is cut into pieces. */
export interface TextSettings {
  /** BCP 47 code of the language whose casing rules hold, `az` for Azerbaijani; `und` for none in particular. */
  readonly language: string;
  /** Whether case is dropped, by the language's rules: in `az` and `tr` I becomes ı and İ becomes i. */
  readonly lowercase: boolean;
}

/** One step of the `normalizer` of a `tokenizer.json`. */
export interface NormalizerStep {
  /** The step's kind. */
  readonly type: string;
  /** What the kind needs. */
  readonly [key: string]: unknown;
}

/** Canonical form of a text: Unicode NFC, then, where wanted, lower case by the language's rules.
 * @throws {InputError} if `language` is no language code. */
export function normalizeText(text: string, { language, lowercase }: TextSettings): string {
  checkLanguage(language);
  const composed = text.normalize('NFC');
  return lowercase ? composed.toLocaleLowerCase(language) : composed;
}

/** Letters whose lower case depends on the language somewhere (Turkic and Lithuanian).
 * @see https://www.unicode.org/Public/UCD/latest/ucd/SpecialCasing.txt */
const localLetters = Array.from('IİJĮÌÍĨ');

/** {@link normalizeText} as steps of a `tokenizer.json`, so that any reader of that file normalises alike.
 * @throws {InputError} if `language` is no language code. */
export function normalizerSteps({ language, lowercase }: TextSettings): NormalizerStep[] {
  checkLanguage(language);
  if (!lowercase) return [{ type: 'NFC' }];
  const replacements = localLetters
    .filter((letter) => letter.toLocaleLowerCase(language) !== letter.toLowerCase())
    .map((letter) => ({ type: 'Replace', pattern: { String: letter }, content: letter.toLocaleLowerCase(language) }));
  return [{ type: 'NFC' }, ...replacements, { type: 'Lowercase' }];
}

function checkLanguage(language: string): void {
  try {
    Intl.getCanonicalLocales(language);
  } catch {
    throw new InputError(`language: expected a language code such as "az" or "tr", got ${JSON.stringify(language)}`);
  }
}
