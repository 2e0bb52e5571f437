import { createRandom } from '@azclip/base';

import { chrF } from './chrf.ts';
import { languageSignal } from './language-signal.ts';
import { halfOf, learnCorpus, lengthRatio, type Corpus } from './learn-corpus.ts';
import { lexiconSignals } from './lexicon-signals.ts';
import { preparePair, type LedgerLanguages, type PreparedPair, type TranslationPair } from './prepared-pair.ts';
import { ramp } from './quantiles.ts';
import { repetitionSignal } from './repetition.ts';

/** What may be wrong with a translation. */
export type SignalName =
  | 'length'
  | 'copied'
  | 'language'
  | 'spelling'
  | 'repetition'
  | 'untranslated'
  | 'numbers'
  | 'colours'
  | 'negation'
  | 'meaning'
  | 'roundTrip'
  | 'model';

/** The judgement of one caption. */
export interface LedgerEntry {
  readonly id: string;
  readonly source: string;
  readonly translation: string;
  /** 0 … 1: the product of 1 − suspicion over all signals; a weight for the loss. */
  readonly quality: number;
  /** Signals whose suspicion is 0.5 or more. */
  readonly flags: readonly SignalName[];
  /** Suspicions above 0, each 0 … 1. */
  readonly suspicions: Readonly<Partial<Record<SignalName, number>>>;
  /** chrF2 of source and back-translation, 0 … 1. */
  readonly roundTripChrF?: number;
}

/** Judges the translations of a set. */
export interface Ledger {
  /** Judges one translation beside its original. */
  judge(pair: TranslationPair): LedgerEntry;
  /** False where the set is too small to judge meaning and spelling. */
  readonly judgesMeaning: boolean;
}

/** Pairs that are learned from; more change little and cost memory. */
const sampleSize = 20_000;
const flagFrom = 0.5;

/** Reads the set once, learns from a sample of it (in one pass and flat memory), and returns its judge.
 * @param seed - of the sample. */
export async function learnLedger(
  pairs: AsyncIterable<TranslationPair> | Iterable<TranslationPair>,
  languages: LedgerLanguages,
  seed = 1,
): Promise<Ledger> {
  const random = createRandom(seed);
  const sample: TranslationPair[] = [];
  let seen = 0;
  for await (const pair of pairs) {
    seen += 1;
    const place = seen <= sampleSize ? sample.length : random.integer(seen); // reservoir: Vitter's algorithm R
    if (place < sampleSize) sample[place] = pair;
  }
  const corpus = learnCorpus(sample.map((pair) => preparePair(pair, languages)));
  const signals = signalsOf(corpus, languages);
  return {
    judgesMeaning: corpus.halves !== undefined,
    judge: (pair) => judge(preparePair(pair, languages), signals),
  };
}

type Signals = Readonly<Record<SignalName, (pair: PreparedPair) => number>>;

function judge(pair: PreparedPair, signals: Signals): LedgerEntry {
  const { id, source, translation, back } = pair;
  const all = (Object.entries(signals) as [SignalName, (pair: PreparedPair) => number][]).map(
    ([name, signal]) => [name, Math.round(1000 * signal(pair)) / 1000] as const,
  );
  return {
    id,
    source,
    translation,
    quality: all.reduce((quality, [, suspicion]) => quality * (1 - suspicion), 1),
    flags: all.flatMap(([name, suspicion]) => (suspicion >= flagFrom ? [name] : [])),
    suspicions: Object.fromEntries(all.filter(([, suspicion]) => suspicion > 0)),
    ...(back === undefined ? {} : { roundTripChrF: chrF(back, source) }),
  };
}

function signalsOf(corpus: Corpus, languages: LedgerLanguages): Signals {
  const commonWords = new Set(languages.source.commonWords);
  return {
    ...corpusSignals(corpus),
    ...lexiconSignals(languages),
    language: languageSignal(languages, corpus.targetCounts),
    copied: ({ sourceWords, targetWords }) =>
      sourceWords.length > 1 && sourceWords.join(' ') === targetWords.join(' ') ? 1 : 0,
    repetition: ({ sourceWords, foldedTarget }) =>
      repetitionSignal(
        sourceWords.filter((word) => !commonWords.has(word)),
        foldedTarget,
      ),
    roundTrip: ({ source, back }) => (back === undefined ? 0 : ramp(chrF(back, source), 0.4, 0.1)),
  };
}

function corpusSignals(corpus: Corpus): Pick<Signals, 'length' | 'model' | 'untranslated' | 'meaning' | 'spelling'> {
  const { length, modelScore, halves } = corpus;
  return {
    length: (pair) => ramp(Math.abs(lengthRatio(pair) - length.median) / length.deviation, 3, 6),
    model: ({ score }) =>
      score === undefined || modelScore === undefined
        ? 0
        : ramp((modelScore.median - score) / modelScore.deviation, 2.5, 6),
    untranslated: (pair) => untranslatedSignal(pair, corpus),
    meaning: (pair) => {
      const half = halves?.[halfOf(pair.source)];
      if (half === undefined) return 0;
      const value = half.meaning(pair);
      return value < half.randomHigh
        ? 0.5 + 0.5 * ramp(value, half.randomHigh, half.randomMedian)
        : 0.5 * ramp(value, half.pairedMedian, half.randomHigh);
    },
    spelling: (pair) => {
      const half = halves?.[halfOf(pair.source)];
      if (half === undefined) return 0;
      return ramp((half.spelling.median - half.letters.score(pair.foldedTarget)) / half.spelling.deviation, 2, 5);
    },
  };
}

/** A word of the source that stands in the translation as it was, though translations hardly ever use it; loans
 * (`tennis`) and names occur in both languages alike. */
function untranslatedSignal(
  { sourceWords, targetWords }: PreparedPair,
  { sourceCounts, targetCounts }: Corpus,
): number {
  const source = new Set(sourceWords);
  const left = targetWords.filter((word) => {
    const [there, here] = [sourceCounts.get(word) ?? 0, targetCounts.get(word) ?? 0];
    return source.has(word) && /\p{L}{2}/u.test(word) && here <= 0.1 * there;
  });
  return ramp(left.length, 0, 2);
}
