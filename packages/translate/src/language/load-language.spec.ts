import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { listLanguages, loadLanguage } from './load-language.ts';

const folder = join(__dirname, '../../languages');

it('comes with the languages of the starter kit and English', async () => {
  expect(await listLanguages()).toEqual(['az', 'en', 'fa', 'hy', 'ka', 'kk', 'ky', 'sw', 'tk', 'tr', 'uz']);
});

it.each(['az', 'en', 'fa', 'hy', 'ka', 'kk', 'ky', 'sw', 'tk', 'tr', 'uz'])(
  '%s is whole and writes its own words',
  async (code) => {
    const language = await loadLanguage(code);
    expect(language.code).toBe(code);
    expect(Object.keys(language.lexicon.numbers)).toEqual(['2', '3', '4', '5', '6', '7', '8', '9', '10']);
    const english = await loadLanguage('en');
    expect(Object.keys(language.lexicon.colours)).toEqual(Object.keys(english.lexicon.colours));
    const letters = new Set(language.letters);
    expect(letters.size).toBe(Array.from(language.letters).length);
    for (const word of language.commonWords) {
      const strange = Array.from(word).filter((letter) => /\p{L}/u.test(letter) && !letters.has(letter));
      expect({ word, strange }).toEqual({ word, strange: [] });
    }
  },
);

it('has the locale rules that casing needs', async () => {
  const { casing } = await loadLanguage('az');
  expect('QIZ İT'.toLocaleLowerCase(casing ?? undefined)).toBe('qız it');
});

it('takes a file of the user, one file for a new language', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'azclip-')), 'gag.yaml');
  const turkish = await readFile(join(folder, 'tr.yaml'), 'utf8');
  await writeFile(path, turkish.replace('code: tr', 'code: gag').replace('name: Turkish', 'name: Gagauz'));
  expect((await loadLanguage(path)).name).toBe('Gagauz');
});

it('names file and key of what is wrong', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'azclip-')), 'bad.yaml');
  const turkish = await readFile(join(folder, 'tr.yaml'), 'utf8');
  await writeFile(path, turkish.replace('script: Latn', 'script: Latin'));
  await expect(loadLanguage(path)).rejects.toThrow(/bad\.yaml: script: /u);
  await writeFile(path, turkish.replace('letters:', 'leters:'));
  await expect(loadLanguage(path)).rejects.toThrow(/leters|letters/u);
  await expect(loadLanguage('xx')).rejects.toThrow('language: expected one of az, en');
  await expect(loadLanguage('./nowhere.yaml')).rejects.toThrow('nowhere.yaml: expected a readable YAML file');
});
