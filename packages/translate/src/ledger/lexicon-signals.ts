import type { Language } from '../language/language-config.ts';
import { conceptMatcher, type ConceptMatcher } from './pattern.ts';
import type { LedgerLanguages, PreparedPair } from './prepared-pair.ts';

/** Suspicions that follow from the lexicons of two languages. */
export interface LexiconSignals {
  readonly numbers: (pair: PreparedPair) => number;
  readonly colours: (pair: PreparedPair) => number;
  readonly negation: (pair: PreparedPair) => number;
}

/** What is meant by a word that stands in one text and not in the other: a number or colour that has become another is
 * nearly always an error, one that has vanished often is none (`two hands` → `əlləri`), one out of nowhere sometimes. */
const changed = { numbers: 0.8, colours: 0.6 };
const vanished = { numbers: 0.3, colours: 0.3 };
const appeared = { numbers: 0.5, colours: 0.2 };
const lostNegation = 0.8;
const addedNegation = 0.25;

/** Compares numbers, colours and negation. */
export function lexiconSignals({ source, target }: LedgerLanguages): LexiconSignals {
  const negative = [source, target].map((language) => conceptMatcher(language.lexicon.negation, language));
  return {
    numbers: compareConcepts(source, target, 'numbers'),
    colours: compareConcepts(source, target, 'colours'),
    negation: ({ foldedSource, foldedTarget }) => {
      const [inSource, inTarget] = [negative[0]?.(foldedSource), negative[1]?.(foldedTarget)];
      if (inSource === inTarget) return 0;
      return inSource === true ? lostNegation : addedNegation;
    },
  };
}

function compareConcepts(
  source: Language,
  target: Language,
  kind: 'numbers' | 'colours',
): (pair: PreparedPair) => number {
  const shared = Object.keys(source.lexicon[kind]).filter((name) => name in target.lexicon[kind]);
  const matchers = shared.map((name): readonly [ConceptMatcher, ConceptMatcher] => [
    conceptMatcher(source.lexicon[kind][name] ?? [], source),
    conceptMatcher(target.lexicon[kind][name] ?? [], target),
  ]);
  return ({ foldedSource, foldedTarget }) => {
    let [lost, added] = [0, 0];
    for (const [inSource, inTarget] of matchers) {
      const [wanted, found] = [inSource(foldedSource), inTarget(foldedTarget)];
      if (wanted && !found) lost += 1;
      if (found && !wanted) added += 1;
    }
    if (lost > 0 && added > 0) return changed[kind];
    if (lost > 0) return vanished[kind];
    return added > 0 ? appeared[kind] : 0;
  };
}
