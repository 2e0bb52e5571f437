import { loadLanguage } from './load-language.ts';
import { measureLanguage } from './measure-language.ts';

/** A piece for every three letters; `z` is not known. */
const tokenizer = {
  piecesOf: (word: string) => Math.ceil(word.length / 3),
  isUnknown: (word: string) => word.includes('z'),
};

it('measures pieces a word over the words as they occur', async () => {
  const az = await loadLanguage('az');
  const { words } = await measureLanguage(az, { tokenizer, texts: ['İt qaçır, it', 'it üzür özlüyündə'] });
  // it ×3: 1 piece; qaçır, üzür: 2; özlüyündə (9): 3 → (3 + 2 + 2 + 3) / 6
  expect(words).toEqual({
    count: 6,
    distinct: 4,
    piecesPerWord: 10 / 6,
    whole: 3 / 6,
    shattered: 0,
    unknown: 2 / 6,
    worst: ['özlüyündə (3)', 'qaçır (2)', 'üzür (2)'],
  });
});

it('finds letters that the texts have and the alphabet has not', async () => {
  const az = await loadLanguage('az');
  expect((await measureLanguage(az, { texts: ['it qaçır'] })).missing).toEqual([]);
  const { missing } = await measureLanguage(az, { texts: ['ñandu wolf'] });
  expect(missing).toEqual(['letters: the texts often use ñ w']);
});

it('names the translators that have no code, and measures the words of the file itself', async () => {
  const { missing, words } = await measureLanguage(await loadLanguage('tk'), { tokenizer });
  expect(missing.map((line) => line.split(':')[0])).toEqual(['codes.m2m100', 'codes.libretranslate']);
  expect(words?.distinct).toBeGreaterThan(40);
});
