import { estimateLines, progressText, summaryLines } from './translate-progress.ts';

it('tells rate and time left of new captions alone', () => {
  expect(progressText(0, 100, 5000)).toBe('reading what is kept');
  expect(progressText(50, 150, 25_000)).toBe('50 new · 2.0 captions/s · ETA 50 s');
});

it('tells what a job will cost, and is silent of money where there is none', () => {
  const estimate = {
    captions: 1200,
    free: 200,
    texts: 1000,
    characters: 50_000,
    tokens: 12_500,
    requests: 63,
    minMinutes: 2.5,
  };
  expect(estimateLines({ ...estimate, cost: 1.234, currency: 'EUR' })).toEqual([
    '1,200 captions, 200 of them kept already or repeated',
    '1,000 texts to translate: 50,000 characters, about 12,500 tokens',
    'at least 63 requests, 2 min 30 s under the rate limit',
    'about 1.23 EUR',
  ]);
  expect(estimateLines({ ...estimate, minMinutes: 0, cost: 0, currency: 'USD' })).toHaveLength(3);
});

it('tells what the ledger found, most frequent first', () => {
  const summary = { captions: 200, untranslated: 1, dropped: 2, meanQuality: 0.9, flags: { length: 2, numbers: 10 } };
  expect(summaryLines({ ...summary, judgesMeaning: false })).toEqual([
    '200 captions, mean quality 0.900, untranslated 1 (0.5 %), dropped 2 (1.0 %)',
    '  numbers       10 (5.0 %)',
    '  length        2 (1.0 %)',
    '  too few captions to judge meaning and spelling',
  ]);
});
