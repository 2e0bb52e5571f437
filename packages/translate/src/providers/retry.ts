import type { Random } from '@azclip/base';
import { z } from 'zod';

import { systemClock, type Clock } from '../job/clock.ts';
import type { TranslationProvider } from '../translator.ts';
import { ProviderError } from './provider-error.ts';

/** How patient to be with a server. */
export const retryConfig = z.strictObject({
  attempts: z.int().min(1).default(6).describe('Requests in all before giving up'),
  firstDelayMs: z.number().min(0).default(500).describe('Longest pause after the first failure; it doubles each time'),
  maxDelayMs: z.number().min(0).default(60_000).describe('The pause grows no longer than this'),
});

/** How patient to be with a server. */
export type RetryConfig = z.output<typeof retryConfig>;

/** One failed request that will be repeated. */
export interface RetryReport {
  readonly model: string;
  /** 1 after the first failure. */
  readonly attempt: number;
  readonly delayMs: number;
  readonly reason: string;
}

/** What `withRetry` needs beside its configuration. */
export interface RetryOptions {
  readonly random: Random;
  readonly clock?: Clock;
  /** Hears of every request that is repeated. */
  readonly onRetry?: ((report: RetryReport) => void) | undefined;
}

/** Repeats what may pass with time: a pause uniform in [0, firstDelayMs · 2^(attempt − 1)] (full jitter), never shorter
 * than the server's Retry-After.
 * @see Brooker 2015 — https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ */
export function withRetry(
  provider: TranslationProvider,
  config: RetryConfig,
  options: RetryOptions,
): TranslationProvider {
  const { random, clock = systemClock, onRetry } = options;
  return {
    ...provider,
    translate: async (texts, signal) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await provider.translate(texts, signal);
        } catch (error) {
          if (!(error instanceof ProviderError) || error.remedy !== 'later' || attempt >= config.attempts) throw error;
          const cap = Math.min(config.maxDelayMs, config.firstDelayMs * 2 ** (attempt - 1));
          const delayMs = Math.max(error.retryAfterMs ?? 0, random.uniform() * cap);
          onRetry?.({ model: provider.model, attempt, delayMs, reason: error.message });
          await clock.sleep(delayMs, signal);
        }
      }
    },
  };
}
