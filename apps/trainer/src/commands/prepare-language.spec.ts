import { loadLanguage } from '@azclip/translate';

import { languageLines } from './prepare-language.ts';

it('tells codes, pieces a word and what is missing', async () => {
  const language = await loadLanguage('tk');
  const words = {
    count: 1200,
    distinct: 300,
    piecesPerWord: 2.345,
    whole: 0.4,
    shattered: 0.1,
    unknown: 0,
    worst: ['ylgap (3)'],
  };
  expect(languageLines({ language, codes: { flores: 'tuk_Latn' }, words, missing: ['codes.m2m100: …'] })).toEqual([
    'Turkmen (tk): flores tuk_Latn',
    '1,200 words, 300 distinct',
    '2.35 pieces a word; whole 40.0 %, in four and more 10.0 %, unknown 0.0 %',
    'most pieces: ylgap (3)',
    'missing: codes.m2m100: …',
  ]);
  expect(languageLines({ language, codes: {}, missing: [] }).at(-1)).toBe('nothing is missing');
});
