import { loadLanguage } from '../language/load-language.ts';
import type { Language } from '../language/language-config.ts';
import { languageSignal } from './language-signal.ts';
import { lexiconSignals } from './lexicon-signals.ts';
import { conceptMatcher } from './pattern.ts';
import { preparePair, type LedgerLanguages, type PreparedPair } from './prepared-pair.ts';
import { quantile, ramp, spreadOf } from './quantiles.ts';
import { repetitionSignal } from './repetition.ts';
import { wordsOf } from './words.ts';

let languages: LedgerLanguages;
let az: Language;
beforeAll(async () => {
  const [source, target, tr, uz] = await Promise.all(['en', 'az', 'tr', 'uz'].map(loadLanguage));
  languages = { source: source as Language, target: target as Language, rivals: [tr as Language, uz as Language] };
  az = target as Language;
});

const pair = (source: string, translation: string): PreparedPair =>
  preparePair({ id: 'x', source, translation }, languages);

const preparedTarget = (text: string): string => pair('', text).foldedTarget;

describe('patterns', () => {
  it('match whole words, stems and endings in any case', () => {
    const two = conceptMatcher(['iki*'], az);
    expect(['İki it', 'ikisi də', '(iki)', 'qırmızı-iki'].map((text) => two(preparedTarget(text)))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(two(preparedTarget('ondaiki'))).toBe(false);
    expect(conceptMatcher(['*sız'], az)(preparedTarget('Yarpaqsız ağac'))).toBe(true);
    expect(conceptMatcher(['hər ikisi'], az)(preparedTarget('hər   ikisi gedir'))).toBe(true);
  });

  it('take the dots of Azerbaijani seriously', () => {
    const red = conceptMatcher(['qırmızı*'], az);
    expect(red(preparedTarget('QIRMIZI TOP'))).toBe(true);
    expect(red(preparedTarget('QİRMİZİ TOP'))).toBe(false);
  });
});

it('keeps apostrophes inside words', () => {
  expect(wordsOf("don't stop: 2 toʻrt".replace('ʻ', "'"))).toEqual(["don't", 'stop', '2', "to'rt"]);
});

describe('numbers, colours, negation', () => {
  it('tell a change from a loss from nothing', () => {
    const { numbers, colours } = lexiconSignals(languages);
    expect(numbers(pair('Two dogs run .', 'İki it qaçır.'))).toBe(0);
    expect(numbers(pair('Two dogs run .', 'Üç it qaçır.'))).toBe(0.8);
    expect(numbers(pair('Two hands .', 'Əllər.'))).toBe(0.3);
    expect(numbers(pair('Dogs run .', 'Altı it qaçır.'))).toBe(0.5);
    expect(numbers(pair('Three people pose for a picture .', 'Səkkiz nəfər şəkil üçün poza verir.'))).toBe(0.8);
    expect(colours(pair('A black dog .', 'Qara it.'))).toBe(0);
    expect(colours(pair('A black dog .', 'Ağ it.'))).toBe(0.6);
  });

  it('miss a negation that is gone', () => {
    const { negation } = lexiconSignals(languages);
    expect(negation(pair('A man with no shirt .', 'Köynəksiz kişi.'))).toBe(0);
    expect(negation(pair('A man with no shirt .', 'Köynəkli kişi.'))).toBe(0.8);
    expect(negation(pair("The dog doesn't run .", 'İt qaçmır.'))).toBe(0);
    expect(negation(pair("The dog doesn't run .", 'İt qaçır.'))).toBe(0.8);
    expect(negation(pair('A girl .', 'Qız.'))).toBe(0);
  });
});

it('knows Azerbaijani from Turkish, English and another script', () => {
  const signal = languageSignal(languages, new Map());
  expect(signal(pair('', 'Çəhrayı donlu uşaq girişdə pilləkənlə qalxır.'))).toBe(0);
  expect(signal(pair('', 'İtin ağzında göy top var.'))).toBeLessThan(0.5);
  expect(signal(pair('', 'Beyaz bir köpek bahçede koşuyor.'))).toBeGreaterThanOrEqual(0.5);
  expect(signal(pair('', 'A man is walking with the dog.'))).toBe(1);
  expect(signal(pair('', 'Собака бежит'))).toBe(1);
  expect(signal(pair('', '...'))).toBe(1);
});

it('misses the letters that a set uses all the time', () => {
  // A letter in ten is ə: a text of n letters without any has chance 0.9^n; 1/50 from 37.1 letters on, 1/1000 at 65.6.
  const signal = languageSignal(languages, new Map([['əaaaaaaaaa', 1000]]));
  expect(signal(pair('', 'a'.repeat(37)))).toBe(0);
  expect(signal(pair('', 'a'.repeat(52)))).toBeCloseTo((52 * -Math.log(0.9) - Math.log(50)) / Math.log(20), 3);
  expect(signal(pair('', 'a'.repeat(66)))).toBe(1);
  expect(signal(pair('', `${'a'.repeat(66)}ə`))).toBe(0);
});

it('hears a stutter, but not a reduplication or a repeated source', () => {
  expect(repetitionSignal([], 'qara it it it qaçır')).toBe(1);
  expect(repetitionSignal([], 'qara it qara it qaçır')).toBe(1);
  expect(repetitionSignal([], 'iki it bir-birinə baxır')).toBe(0);
  expect(repetitionSignal(['dog', 'dog', 'toy'], 'xallı it it oyuncağı ilə')).toBe(0.3);
  expect(repetitionSignal(['dog'], 'köpək və köpək və daha bir köpək')).toBe(1);
  expect(repetitionSignal(['people'], 'adamlar gedir, adamlar durur, adamlar baxır')).toBe(0.7);
});

it('has robust statistics', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(spreadOf([1, 2, 3, 4, 1000])).toEqual({ median: 3, deviation: 1.4826 }); // distances 2 1 0 1 997 → median 1
  expect([ramp(1, 2, 4), ramp(3, 2, 4), ramp(9, 2, 4), ramp(1, 4, 2)]).toEqual([0, 0.5, 1, 1]);
});
