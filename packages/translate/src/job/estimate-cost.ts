import { z } from 'zod';

import type { RateLimitConfig } from '../providers/rate-limit.ts';
import { KeyIndex } from '../store/key-index.ts';
import { translationKey } from '../store/translation-key.ts';
import type { TranslationStore } from '../store/translation-store.ts';
import type { Caption, LanguagePair, TranslationProvider } from '../translator.ts';
import type { BatchConfig } from './batch-by-length.ts';

/** What a provider charges. */
export const priceConfig = z.strictObject({
  perMillionCharacters: z.number().min(0).default(0),
  perMillionTokensIn: z.number().min(0).default(0),
  perMillionTokensOut: z.number().min(0).default(0),
  currency: z.string().default('USD'),
});

/** What a provider charges. */
export type PriceConfig = z.output<typeof priceConfig>;

/** What a job would ask for, before anything is asked. */
export interface CostEstimate {
  readonly captions: number;
  /** Captions whose translation is kept already, or whose text occurs earlier in the set. */
  readonly free: number;
  /** Texts to be sent. */
  readonly texts: number;
  readonly characters: number;
  readonly tokens: number;
  /** At least so many requests. */
  readonly requests: number;
  /** With as many tokens out as in. */
  readonly cost: number;
  readonly currency: string;
  /** Under the rate limit alone, minutes. */
  readonly minMinutes: number;
}

/** What `estimateCost` needs beside the captions. */
export interface CostOptions {
  readonly provider: TranslationProvider;
  readonly languages: LanguagePair;
  readonly store?: TranslationStore | undefined;
  readonly batch: BatchConfig;
  readonly price?: PriceConfig | undefined;
  readonly rateLimit?: RateLimitConfig | undefined;
}

/** Reads the captions through once and asks nothing. */
export async function estimateCost(
  captions: AsyncIterable<Caption> | Iterable<Caption>,
  options: CostOptions,
): Promise<CostEstimate> {
  const { provider, languages, store, batch } = options;
  const seen = new KeyIndex();
  const total = { captions: 0, texts: 0, characters: 0, tokens: 0 };
  for await (const { text } of captions) {
    total.captions += 1;
    const question = { text, ...languages, model: provider.model };
    const key = translationKey(question);
    if (seen.get(key) !== undefined || store?.has(question) === true) continue;
    seen.set(key, 0);
    total.texts += 1;
    total.characters += text.length;
    total.tokens += provider.countTokens(text);
  }
  const requests = Math.max(Math.ceil(total.texts / batch.maxItems), Math.ceil(total.tokens / batch.maxTokens));
  return { ...total, free: total.captions - total.texts, requests, ...charge(total, requests, options) };
}

function charge(
  { characters, tokens }: { characters: number; tokens: number },
  requests: number,
  { price = priceConfig.parse({}), rateLimit = {} }: CostOptions,
): Pick<CostEstimate, 'cost' | 'currency' | 'minMinutes'> {
  const { requestsPerMinute = Infinity, tokensPerMinute = Infinity } = rateLimit;
  const perMillion =
    characters * price.perMillionCharacters + tokens * (price.perMillionTokensIn + price.perMillionTokensOut);
  const minMinutes = Math.max(requests / requestsPerMinute, tokens / tokensPerMinute);
  return { cost: perMillion / 1e6, currency: price.currency, minMinutes };
}
