import { InputError } from '@azclip/base';

import { normalizeText, normalizerSteps } from './normalize.ts';
import { createPieceModel } from './piece-model.ts';
import { bertSpecialPieces, wordPieceJson } from './word-piece-json.ts';

const azeri = { language: 'az', lowercase: true };

it('lowers I to ı and İ to i in Azerbaijani and Turkish only', () => {
  expect(normalizeText('Iİıi QIRMIZI İT', azeri)).toBe('ıiıi qırmızı it');
  expect(normalizeText('ISPARTA', { language: 'tr', lowercase: true })).toBe('ısparta');
  expect(normalizeText('IT', { language: 'en', lowercase: true })).toBe('it');
});

it('composes letters that came in two code points', () => {
  expect(normalizeText('s\u0327\u0259h\u0259r', azeri)).toBe('şəhər');
  expect(normalizeText('I\u0307T', azeri)).toBe('it'); // I + dot above = İ
});

it('keeps case where it is told to', () => {
  expect(normalizeText('Bakı İTİ', { language: 'az', lowercase: false })).toBe('Bakı İTİ');
});

it.each(['az', 'tr', 'lt', 'en', 'de', 'ru', 'und'])('means the same as steps of a tokenizer.json: %s', (language) => {
  const settings = { language, lowercase: true };
  const { normalizer } = createPieceModel(wordPieceJson(bertSpecialPieces, normalizerSteps(settings)));
  const text = 'AZƏRBAYCAN I İ ı i I\u0307 I\u0323\u0307 Ğ Ö Ş Ü Ç ÌÍĨ JĮ Straße ПРИВЕТ ΟΔΟΣ Ў 猫 مرحبا 🐱';
  expect(normalizer?.normalize(text)).toBe(normalizeText(text, settings));
});

it('names a language that is none', () => {
  expect(() => normalizeText('a', { language: 'azərbaycan', lowercase: true })).toThrow(InputError);
  expect(() => normalizerSteps({ language: '', lowercase: true })).toThrow('language: expected a language code');
});
