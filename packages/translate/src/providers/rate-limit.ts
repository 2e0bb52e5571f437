import { z } from 'zod';

import { systemClock, type Clock } from '../job/clock.ts';
import type { TranslationProvider } from '../translator.ts';

/** What a server allows. */
export const rateLimitConfig = z.strictObject({
  requestsPerMinute: z.number().positive().optional().describe('Requests a minute, repeats included'),
  tokensPerMinute: z.number().positive().optional().describe('Tokens sent a minute'),
});

/** What a server allows. */
export type RateLimitConfig = z.output<typeof rateLimitConfig>;

/** Spaces requests evenly: each waits until the ones before it have used up their share of the minute, so that no
 * window of a minute holds more than the limit and one request. */
export function withRateLimit(
  provider: TranslationProvider,
  limit: RateLimitConfig,
  clock: Clock = systemClock,
): TranslationProvider {
  const { requestsPerMinute = Infinity, tokensPerMinute = Infinity } = limit;
  let free = clock.now();
  return {
    ...provider,
    translate: async (texts, signal) => {
      const tokens = texts.reduce((sum, text) => sum + provider.countTokens(text), 0);
      const start = Math.max(free, clock.now());
      free = start + 60_000 * Math.max(1 / requestsPerMinute, tokens / tokensPerMinute);
      if (start > clock.now()) await clock.sleep(start - clock.now(), signal);
      return provider.translate(texts, signal);
    },
  };
}
