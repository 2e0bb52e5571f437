import { writeFileAtomic } from '@azclip/base';

import type { CaptionFile } from '../caption-files/caption-file.ts';
import { learnLedger, type Ledger, type LedgerEntry, type SignalName } from '../ledger/ledger.ts';
import type { LedgerLanguages, TranslationPair } from '../ledger/prepared-pair.ts';
import type { Caption } from '../translator.ts';

/** What the ledger found in all. */
export interface LedgerSummary {
  readonly captions: number;
  /** Captions without translation; they are in the ledger with quality 0 and left out of the output. */
  readonly untranslated: number;
  /** Captions below `dropBelow`; they are in the ledger and left out of the output. */
  readonly dropped: number;
  readonly meanQuality: number;
  /** Captions that each signal flags. */
  readonly flags: Readonly<Partial<Record<SignalName, number>>>;
  readonly judgesMeaning: boolean;
}

/** What `judgeFile` needs. */
export interface JudgeFileOptions {
  readonly file: CaptionFile;
  readonly languages: LedgerLanguages;
  /** The caption with its translation; `undefined` where there is none. */
  readonly pairOf: (caption: Caption) => Promise<TranslationPair | undefined>;
  readonly output: string;
  readonly ledgerPath: string;
  readonly dropBelow: number;
  /** Whether the output says how much each caption counts: its quality. */
  readonly weights: boolean;
  readonly seed: number;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Learns a ledger from a translated file, judges every caption, and writes output and ledger, each whole or not at all.
 * Reads the file three times in flat memory. */
export async function judgeFile(options: JudgeFileOptions): Promise<LedgerSummary> {
  const ledger = await learnLedger(pairsOf(options), options.languages, options.seed);
  const counts = { captions: 0, untranslated: 0, dropped: 0, quality: 0 };
  const flags: Mutable<LedgerSummary['flags']> = {};
  const count = ({ quality, flags: raised }: LedgerEntry): void => {
    counts.quality += quality;
    for (const flag of raised) flags[flag] = (flags[flag] ?? 0) + 1;
  };
  await writeFileAtomic(options.ledgerPath, ledgerLines(options, ledger, count));
  await writeFileAtomic(options.output, outputLines(options, ledger, counts));
  const { captions, untranslated, dropped, quality } = counts;
  const meanQuality = quality / Math.max(1, captions);
  return { captions, untranslated, dropped, meanQuality, flags, judgesMeaning: ledger.judgesMeaning };
}

async function* pairsOf({ file, pairOf }: JudgeFileOptions): AsyncGenerator<TranslationPair> {
  for await (const { captions } of file.rows()) {
    for (const caption of captions) {
      const pair = await pairOf(caption);
      if (pair !== undefined) yield pair;
    }
  }
}

async function* ledgerLines(
  { file, pairOf, dropBelow }: JudgeFileOptions,
  ledger: Ledger,
  count: (entry: LedgerEntry) => void,
): AsyncGenerator<string> {
  for await (const { captions } of file.rows()) {
    for (const caption of captions) {
      const pair = await pairOf(caption);
      if (pair === undefined) {
        yield `${JSON.stringify({ id: caption.id, source: caption.text, quality: 0, dropped: true, reason: 'untranslated' })}\n`;
        continue;
      }
      const entry = ledger.judge(pair);
      count(entry);
      yield `${JSON.stringify({ ...entry, ...(entry.quality < dropBelow ? { dropped: true } : {}) })}\n`;
    }
  }
}

async function* outputLines(
  { file, pairOf, dropBelow, weights }: JudgeFileOptions,
  ledger: Ledger,
  counts: { captions: number; untranslated: number; dropped: number },
): AsyncGenerator<string> {
  yield file.header;
  for await (const row of file.rows()) {
    const texts: (string | undefined)[] = [];
    const qualities: number[] = [];
    for (const caption of row.captions) {
      const pair = await pairOf(caption);
      const quality = pair === undefined ? 0 : ledger.judge(pair).quality;
      const isGood = pair !== undefined && quality >= dropBelow;
      counts.captions += 1;
      if (pair === undefined) counts.untranslated += 1;
      else if (!isGood) counts.dropped += 1;
      texts.push(isGood ? pair.translation : undefined);
      qualities.push(weightOf(quality));
    }
    yield weights ? row.write(texts, qualities) : row.write(texts);
  }
}

/** No caption that is written counts nothing: a batch of such captions would have no mean. */
const minWeight = 0.01;

/** The weight of a caption in the loss: its quality, to a thousandth. */
const weightOf = (quality: number): number => Math.max(minWeight, Number(quality.toFixed(3)));
