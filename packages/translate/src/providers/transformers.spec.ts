import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { createRandom } from '@azclip/base';

import { loadLanguage } from '../language/load-language.ts';
import type { TranslationProvider } from '../translator.ts';
import { createProvider } from './create-provider.ts';
import { providerConfig } from './provider-config.ts';
import type { ModelFamily } from './transformers.ts';

const root = mkdtempSync(join(tmpdir(), 'azclip-'));
const script = resolve(__dirname, '../../../../tools/fixtures/make-translation-model.mjs');

/** A folder with a dictionary model, written as the field's exporters do. */
function modelFolder(family: ModelFamily): string {
  const folder = join(root, family);
  execFileSync(process.execPath, [script, folder, family]);
  return folder;
}

async function providerFor(family: ModelFamily, target = 'az', more: object = {}): Promise<TranslationProvider> {
  const config = providerConfig.parse({ provider: 'transformers', family, model: modelFolder(family), ...more });
  const options = { source: await loadLanguage('en'), target: await loadLanguage(target), random: createRandom(0) };
  return createProvider(config, options);
}

const textsOf = (answers: readonly ({ text: string } | undefined)[]): (string | undefined)[] =>
  answers.map((answer) => answer?.text);

afterAll(() => {
  rmSync(root, { recursive: true });
});

it.each([
  ['nllb', {}],
  ['m2m100', {}],
  ['madlad', {}],
  ['opus-mt', { multipleTargets: true }],
] as const)('runs a model folder of family %s in the real pipeline, into either language', async (family, more) => {
  const batch = ['A black dog runs', 'Two dogs and a girl not plays ball'];
  const az = await providerFor(family, 'az', more);
  expect(textsOf(await az.translate(batch))).toEqual(['bir qara it qaçır', 'iki itlər və bir qız yox oynayır top']);
  const tr = await providerFor(family, 'tr', more);
  expect(textsOf(await tr.translate(batch))).toEqual([
    'bir siyah köpek koşuyor',
    'iki köpekler ve bir kız değil oynuyor top',
  ]);
  expect(az.model).not.toBe(tr.model);
  await Promise.all([az.dispose?.(), tr.dispose?.()]);
});

it('loads 8-bit weights by default and float32 weights when asked', async () => {
  for (const dtype of ['q8', 'fp32']) {
    const provider = await providerFor('nllb', 'az', { dtype });
    expect(provider.model).toContain(`:${dtype}:`);
    expect(textsOf(await provider.translate(['red ball']))).toEqual(['qırmızı top']);
    await provider.dispose?.();
  }
});

it('scores an answer by the mean log-probability of its tokens', async () => {
  const provider = await providerFor('nllb');
  const [short, long] = await provider.translate(['dog', 'a man and two dogs']);
  // Of 50 tokens the right one has logit 8 and the others 0, so log p = −ln(1 + 49·e^−8); the forced language token
  // counts 0. "dog": language, it, </s>: two of three. It ends four steps before the other row does.
  const token = -Math.log(1 + 49 * Math.exp(-8));
  expect(short?.score).toBeCloseTo((2 * token) / 3, 6);
  expect(long?.score).toBeCloseTo((6 * token) / 7, 6);
  await provider.dispose?.();
});

it('counts tokens with the tokenizer of the model', async () => {
  const provider = await providerFor('nllb');
  expect(provider.countTokens('a black dog')).toBe(5); // eng_Latn a black dog </s>
  await provider.dispose?.();
});

it('says that a folder holds no model, or not the precision asked for', async () => {
  const options = { source: await loadLanguage('en'), target: await loadLanguage('az'), random: createRandom(0) };
  const config = { provider: 'transformers', family: 'nllb', model: root } as const;
  await expect(createProvider(providerConfig.parse(config), options)).rejects.toThrow(
    /translator model .* expected an ONNX model folder, got/u,
  );
  await expect(providerFor('nllb', 'az', { dtype: 'fp16' })).rejects.toThrow(/fp16/u);
});

it('says that the model does not know the language', async () => {
  const provider = await providerFor('nllb', 'kk');
  await expect(provider.translate(['dog'])).rejects.toThrow(/kaz_Cyrl/u);
  await expect(providerFor('m2m100', 'tk')).rejects.toThrow('m2m100 has no code for Turkmen');
});
