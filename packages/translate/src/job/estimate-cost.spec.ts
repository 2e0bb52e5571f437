import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { TranslationStore } from '../store/translation-store.ts';
import type { TranslationProvider } from '../translator.ts';
import { estimateCost, priceConfig } from './estimate-cost.ts';

const provider: TranslationProvider = {
  model: 'm',
  countTokens: (text) => text.length / 2,
  translate: () => Promise.reject(new Error('nothing may be asked')),
};
const languages = { source: 'en', target: 'az' };

it('charges each text once, without those that are kept', async () => {
  const store = await TranslationStore.open(await mkdtemp(join(tmpdir(), 'azclip-')));
  await store.append([{ text: 'kept', ...languages, model: 'm', answer: { text: 'x' } }]);
  const texts = ['kept', 'aaaa', 'aaaa', 'bbbbbb', 'cc'];
  const estimate = await estimateCost(
    texts.map((text, i) => ({ id: String(i), text })),
    {
      provider,
      languages,
      store,
      batch: { maxItems: 2, maxTokens: 100 },
      price: priceConfig.parse({
        perMillionCharacters: 20,
        perMillionTokensIn: 1,
        perMillionTokensOut: 3,
        currency: 'EUR',
      }),
      rateLimit: { requestsPerMinute: 4, tokensPerMinute: 3 },
    },
  );
  expect(estimate).toEqual({
    captions: 5,
    free: 2,
    texts: 3,
    characters: 12,
    tokens: 6,
    requests: 2,
    cost: (12 * 20 + 6 * (1 + 3)) / 1e6,
    currency: 'EUR',
    minMinutes: 2, // 6 tokens at 3 a minute outlast 2 requests at 4 a minute
  });
  await store.close();
});
