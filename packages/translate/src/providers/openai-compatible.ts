import { z } from 'zod';

import { estimateTokens } from '../job/estimate-tokens.ts';
import type { TranslationProvider } from '../translator.ts';
import { postJson } from './post-json.ts';
import { ProviderError } from './provider-error.ts';

const reply = z.object({ choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1) });
const content = z.object({ translations: z.array(z.string()) });

/** Which server and model, between which languages (English names). */
export interface OpenAiCompatibleOptions {
  /** Up to and with the version, for example `http://localhost:11434/v1`. */
  readonly url: string;
  readonly model: string;
  readonly source: string;
  readonly target: string;
  readonly apiKey?: string | undefined;
  readonly timeoutMs: number;
}

/** Any server with `POST /chat/completions`: the captions go as a JSON list and must come back as one of equal length;
 * temperature 0.
 * @see https://platform.openai.com/docs/api-reference/chat */
export function openAiCompatibleProvider(options: OpenAiCompatibleOptions): TranslationProvider {
  const { url, model, apiKey, timeoutMs } = options;
  const address = `${url.replace(/\/+$/u, '')}/chat/completions`;
  const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  return {
    model: `openai-compatible:${url}:${model}`,
    countTokens: (text) => estimateTokens(text) + 3,
    translate: async (texts) => {
      const body = {
        model,
        temperature: 0,
        response_format: { type: 'json_object' },
        messages: messagesFor(texts, options),
      };
      const translations = listIn(await postJson(address, body, { headers, timeoutMs }), address);
      if (translations.length !== texts.length) {
        const counts = `${String(texts.length)} translations, got ${String(translations.length)}`;
        throw new ProviderError(`${address}: expected ${counts}`, 'caption');
      }
      return translations.map((text) => ({ text: text.trim() }));
    },
  };
}

function messagesFor(texts: readonly string[], { source, target }: OpenAiCompatibleOptions): object[] {
  const system =
    `Translate image captions from ${source} into ${target}. Keep every number, colour, negation and left/right. ` +
    'Answer only with JSON: {"translations": [...]}, one string for each caption, in the same order.';
  return [
    { role: 'system', content: system },
    { role: 'user', content: JSON.stringify({ captions: texts }) },
  ];
}

/** A model that does not keep to the form is laid to the batch: a smaller one is easier. */
function listIn(answer: unknown, address: string): string[] {
  const message = reply.safeParse(answer).data?.choices[0]?.message.content;
  const json = message?.slice(message.indexOf('{'), message.lastIndexOf('}') + 1); // some wrap it in a code fence
  try {
    return content.parse(JSON.parse(json ?? '')).translations;
  } catch {
    const got = JSON.stringify(message ?? answer ?? null).slice(0, 80);
    throw new ProviderError(`${address}: expected {"translations": [...]}, got ${got}`, 'caption');
  }
}
