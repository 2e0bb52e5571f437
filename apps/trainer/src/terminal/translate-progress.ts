import type { CostEstimate, LedgerSummary, Outcome } from '@azclip/translate';
import { SingleBar } from 'cli-progress';

import { formatDuration } from './duration.ts';

/** Shows a translation job while it goes on. */
export interface TranslateProgress {
  readonly count: (outcome: Outcome) => void;
  /** Captions that got no translation, so far. */
  readonly failed: () => number;
  /** Takes the bar away. */
  readonly stop: () => void;
}

/** A bar on a terminal, nothing elsewhere. Kept captions cost no time: the rate and the estimate are of new ones.
 * @param total - captions in all.  @param toAsk - captions whose translation is not kept. */
export function createTranslateProgress(total: number, toAsk: number): TranslateProgress {
  const bar = process.stderr.isTTY
    ? new SingleBar({ format: '{bar} {percentage}% · {text}', hideCursor: true, clearOnComplete: true, barsize: 20 })
    : undefined;
  bar?.start(total, 0, { text: '' });
  const start = performance.now();
  let [seen, asked, failed] = [0, 0, 0];
  return {
    count: (outcome) => {
      seen += 1;
      if (outcome.translation === undefined) failed += 1;
      else if (!outcome.cached) asked += 1;
      bar?.update(seen, { text: progressText(asked, Math.max(toAsk, asked), performance.now() - start) });
    },
    failed: () => failed,
    stop: () => bar?.stop(),
  };
}

/** `1,234 new · 56.0 captions/s · ETA 2 min 05 s`. */
export function progressText(asked: number, toAsk: number, ms: number): string {
  if (asked === 0) return 'reading what is kept';
  const rate = (1000 * asked) / ms;
  const left = formatDuration((1000 * (toAsk - asked)) / rate);
  return `${asked.toLocaleString('en')} new · ${rate.toFixed(1)} captions/s · ETA ${left}`;
}

/** What the job is going to ask for, in lines. */
export function estimateLines(estimate: CostEstimate): string[] {
  const { captions, free, texts, characters, tokens, requests, cost, currency, minMinutes } = estimate;
  const number = (value: number): string => Math.ceil(value).toLocaleString('en');
  return [
    `${number(captions)} captions, ${number(free)} of them kept already or repeated`,
    `${number(texts)} texts to translate: ${number(characters)} characters, about ${number(tokens)} tokens`,
    `at least ${number(requests)} requests${minMinutes > 0 ? `, ${formatDuration(60_000 * minMinutes)} under the rate limit` : ''}`,
    ...(cost > 0 ? [`about ${cost.toFixed(2)} ${currency}`] : []),
  ];
}

/** What the ledger found, in lines. */
export function summaryLines({
  captions,
  untranslated,
  dropped,
  meanQuality,
  flags,
  judgesMeaning,
}: LedgerSummary): string[] {
  const share = (count: number): string =>
    `${count.toLocaleString('en')} (${((100 * count) / Math.max(1, captions)).toFixed(1)} %)`;
  return [
    `${captions.toLocaleString('en')} captions, mean quality ${meanQuality.toFixed(3)}, untranslated ${share(untranslated)}, dropped ${share(dropped)}`,
    ...Object.entries(flags)
      .sort(([, a], [, b]) => b - a)
      .map(([flag, count]) => `  ${flag.padEnd(13)} ${share(count)}`),
    ...(judgesMeaning ? [] : ['  too few captions to judge meaning and spelling']),
  ];
}
