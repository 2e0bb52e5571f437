import type { Language } from '../language/language-config.ts';
import { foldCase, wordsOf } from './words.ts';

/** A caption and its translation, to be judged. */
export interface TranslationPair {
  readonly id: string;
  readonly source: string;
  readonly translation: string;
  /** The model's mean log-probability a token, nats. */
  readonly score?: number | undefined;
  /** The translation translated back. */
  readonly back?: string | undefined;
}

/** The two languages, and those that the target may be mistaken for. */
export interface LedgerLanguages {
  readonly source: Language;
  readonly target: Language;
  readonly rivals: readonly Language[];
}

/** A pair, folded and cut into words once for all signals. */
export interface PreparedPair extends TranslationPair {
  readonly foldedSource: string;
  readonly foldedTarget: string;
  readonly sourceWords: readonly string[];
  readonly targetWords: readonly string[];
}

/** Folds both texts by the rules of their languages. */
export function preparePair(pair: TranslationPair, { source, target }: LedgerLanguages): PreparedPair {
  const foldedSource = foldCase(pair.source, source);
  const foldedTarget = foldCase(pair.translation, target);
  return {
    ...pair,
    foldedSource,
    foldedTarget,
    sourceWords: wordsOf(foldedSource),
    targetWords: wordsOf(foldedTarget),
  };
}
