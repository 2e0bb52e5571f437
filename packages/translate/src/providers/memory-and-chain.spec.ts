import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { TranslateError } from '../translate-error.ts';
import type { TranslationProvider } from '../translator.ts';
import { chainProviders } from './chain.ts';
import { memoryProvider } from './memory.ts';
import { ProviderError } from './provider-error.ts';

async function memoryOf(content: string): Promise<TranslationProvider> {
  const path = join(await mkdtemp(join(tmpdir(), 'azclip-')), 'pairs.tsv');
  await writeFile(path, content);
  return memoryProvider(path);
}

const shouting: TranslationProvider = {
  model: 'shout',
  countTokens: () => 1,
  translate: (texts) => Promise.resolve(texts.map((text) => ({ text: text.toUpperCase() }))),
};

const failing = (remedy: 'later' | 'never'): TranslationProvider => ({
  ...shouting,
  translate: () => Promise.reject(new ProviderError('down', remedy)),
});

it('knows its pairs whatever the spaces, and has no answer for the rest', async () => {
  const memory = await memoryOf('A dog .\tİt.\tCC-BY\n\nA cat\tPişik\n');
  expect(await memory.translate(['A  dog . ', 'A cat', 'a cat'])).toEqual([
    { text: 'İt.' },
    { text: 'Pişik' },
    undefined,
  ]);
});

it('names the line that is not a pair', async () => {
  await expect(memoryOf('A dog\tİt\nonly one column\n')).rejects.toThrow(/pairs\.tsv:2: expected "source<TAB>target"/u);
  await expect(memoryOf('A dog\t \n')).rejects.toThrow(TranslateError);
});

it('asks the next provider only for what is still open', async () => {
  const asked: string[] = [];
  const spy: TranslationProvider = {
    ...shouting,
    translate: (texts) => {
      asked.push(...texts);
      return shouting.translate(texts);
    },
  };
  const chain = chainProviders([await memoryOf('b\tkept\n'), spy]);
  expect(await chain.translate(['a', 'b', 'c'])).toEqual([{ text: 'A' }, { text: 'kept' }, { text: 'C' }]);
  expect(asked).toEqual(['a', 'c']);
});

it('passes over a provider that fails', async () => {
  expect(await chainProviders([failing('never'), shouting]).translate(['a'])).toEqual([{ text: 'A' }]);
});

it('fails when the last hope fails, and has no answer when nobody knows one', async () => {
  const memory = await memoryOf('b\tkept\n');
  await expect(chainProviders([memory, failing('later')]).translate(['a'])).rejects.toThrow('down');
  expect(await chainProviders([memory]).translate(['a'])).toEqual([undefined]);
});

it('names all its members, for answers are kept under its name', () => {
  expect(chainProviders([shouting, failing('later')]).model).toBe('chain(shout, shout)');
});
