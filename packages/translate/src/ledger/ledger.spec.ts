import { createRandom } from '@azclip/base';

import { loadLanguage } from '../language/load-language.ts';
import { learnLedger, type Ledger } from './ledger.ts';
import type { TranslationPair } from './prepared-pair.ts';

const who = [
  ['girl', 'qız'],
  ['boy', 'oğlan'],
  ['man', 'kişi'],
  ['woman', 'qadın'],
  ['dog', 'it'],
  ['child', 'uşaq'],
] as const;
const how = [
  ['black', 'qara'],
  ['white', 'ağ'],
  ['small', 'balaca'],
  ['young', 'gənc'],
  ['wet', 'yaş'],
  ['tired', 'yorğun'],
] as const;
const what = [
  ['runs', 'qaçır'],
  ['sits', 'oturur'],
  ['jumps', 'tullanır'],
  ['sleeps', 'yatır'],
  ['swims', 'üzür'],
] as const;
const where = [
  ['in the water', 'suda'],
  ['on the grass', 'otluqda'],
  ['on the beach', 'çimərlikdə'],
  ['in the snow', 'qarda'],
] as const;

/** All 720 sentences of a small grammar, in an order of chance. */
function grammar(): TranslationPair[] {
  const random = createRandom(3);
  return who
    .flatMap((w) => how.flatMap((h) => what.flatMap((x) => where.map((y) => [w, h, x, y] as const))))
    .map(([w, h, x, y]) => ({
      source: `A ${h[0]} ${w[0]} ${x[0]} ${y[0]} .`,
      translation: `${h[1]} ${w[1]} ${y[1]} ${x[1]}.`,
    }))
    .map((pair, i) => ({ ...pair, id: `c${String(i)}`, score: -0.5 + 0.1 * random.normal(), place: random.uniform() }))
    .sort((a, b) => a.place - b.place);
}

async function languages(): Promise<Parameters<typeof learnLedger>[1]> {
  return { source: await loadLanguage('en'), target: await loadLanguage('az'), rivals: [await loadLanguage('tr')] };
}

let ledger: Ledger;
beforeAll(async () => {
  ledger = await learnLedger(grammar(), await languages());
});

const good = { id: 'x', source: 'A black dog runs in the snow .', translation: 'Qara it qarda qaçır.' };

it('trusts a good translation and says so in its quality', () => {
  const entry = ledger.judge({ ...good, score: -0.5 });
  expect(entry.flags).toEqual([]);
  expect(entry.quality).toBeGreaterThan(0.6);
});

it.each([
  ['meaning', 'Gənc qadın suda yatır.'],
  ['untranslated', 'Qara dog snow qaçır.'],
  ['copied', 'A black dog runs in the snow .'],
  ['repetition', 'Qara it it it qarda qaçır.'],
  ['colours', 'Ağ it qarda qaçır.'],
  ['length', 'It'],
  ['language', 'Siyah bir köpek karda koşuyor ve oynuyor.'],
  ['numbers', 'İki qara it qarda qaçır.'],
] as const)('flags %s in "%s"', (flag, translation) => {
  const entry = ledger.judge({ ...good, translation });
  expect(entry.flags).toContain(flag);
  expect(entry.quality).toBeLessThanOrEqual(0.5);
});

it('multiplies what the suspicions leave', () => {
  const { quality, suspicions } = ledger.judge({ ...good, translation: 'Ağ it qarda qaçır.' });
  expect(quality).toBeCloseTo(
    Object.values(suspicions).reduce((product, suspicion) => product * (1 - suspicion), 1),
    12,
  );
});

it('flags a translation that the model itself found unlikely', () => {
  expect(ledger.judge({ ...good, score: -1.2 }).flags).toEqual(['model']); // 7 deviations of 0.1 below the middle
  expect(ledger.judge({ ...good, score: -0.6 }).flags).toEqual([]);
});

it('flags a round trip that does not come home', () => {
  expect(ledger.judge({ ...good, back: 'A black dog is running in the snow.' }).flags).toEqual([]);
  const lost = ledger.judge({ ...good, back: 'Mountains' });
  expect(lost.flags).toEqual(['roundTrip']);
  expect(lost.roundTripChrF).toBeLessThan(0.15);
});

it('says when a set is too small to judge meaning, and judges the rest', async () => {
  const small = await learnLedger(grammar().slice(0, 50), await languages());
  expect(small.judgesMeaning).toBe(false);
  expect(small.judge({ ...good, translation: 'Gənc qadın suda yatır.' }).suspicions.meaning).toBeUndefined();
  expect(small.judge({ ...good, translation: 'Qara it it it qarda qaçır.' }).flags).toEqual(['repetition']);
});

it('judges alike whenever it learns from the same set', async () => {
  const again = await learnLedger(grammar(), await languages());
  expect(again.judge(good)).toEqual(ledger.judge(good));
});
