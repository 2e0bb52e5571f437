import { z } from 'zod';

import { estimateTokens } from '../job/estimate-tokens.ts';
import type { TranslationProvider } from '../translator.ts';
import { postJson } from './post-json.ts';
import { ProviderError } from './provider-error.ts';

const reply = z.object({ translatedText: z.array(z.string()) });

/** Which server, between which of its codes. */
export interface LibreTranslateOptions {
  /** The server's address, for example `http://localhost:5000`. */
  readonly url: string;
  readonly source: string;
  readonly target: string;
  readonly apiKey?: string | undefined;
  readonly timeoutMs: number;
}

/** A LibreTranslate server: `POST /translate` with a list in `q`.
 * @see https://docs.libretranslate.com/api/operations/translate/ */
export function libreTranslateProvider(options: LibreTranslateOptions): TranslationProvider {
  const { url, source, target, apiKey, timeoutMs } = options;
  const address = `${url.replace(/\/+$/u, '')}/translate`;
  return {
    model: `libretranslate:${url}`,
    countTokens: estimateTokens,
    translate: async (texts) => {
      const body = { q: texts, source, target, format: 'text', ...(apiKey === undefined ? {} : { api_key: apiKey }) };
      const parsed = reply.safeParse(await postJson(address, body, { timeoutMs }));
      if (parsed.data?.translatedText.length !== texts.length) {
        throw new ProviderError(`${address}: expected ${String(texts.length)} strings in translatedText`, 'caption');
      }
      return parsed.data.translatedText.map((text) => ({ text }));
    },
  };
}
