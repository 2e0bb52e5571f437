import { createRandom } from '@azclip/base';

import { startTranslationServer, turnRound, type TranslationServer } from '../testing/translation-server.ts';
import type { TranslationProvider } from '../translator.ts';
import { libreTranslateProvider } from './libretranslate.ts';
import { openAiCompatibleProvider } from './openai-compatible.ts';
import { ProviderError } from './provider-error.ts';
import { withRetry } from './retry.ts';

const texts = ['a black dog', 'two girls'];
const answers = texts.map((text) => ({ text: turnRound(text) }));
const timeoutMs = 300;

let server: TranslationServer;
beforeAll(async () => {
  server = await startTranslationServer();
});
beforeEach(() => server.reset());
afterAll(() => server.stop());

const kinds: Record<string, (url: string) => TranslationProvider> = {
  libretranslate: (url) => libreTranslateProvider({ url, source: 'en', target: 'az', apiKey: 'secret', timeoutMs }),
  'openai-compatible': (url) =>
    openAiCompatibleProvider({
      url: `${url}/v1`,
      model: 'm',
      source: 'English',
      target: 'Azerbaijani',
      apiKey: 'secret',
      timeoutMs,
    }),
};

/** Real time, but pauses are only written down. */
function patient(provider: TranslationProvider, pauses: number[] = []): TranslationProvider {
  const clock = {
    now: () => 0,
    sleep: (ms: number) => {
      pauses.push(ms);
      return Promise.resolve();
    },
  };
  return withRetry(provider, { attempts: 4, firstDelayMs: 100, maxDelayMs: 1000 }, { random: createRandom(1), clock });
}

async function failure(answer: Promise<unknown>): Promise<ProviderError> {
  const error = await answer.then(() => undefined).catch((thrown: unknown) => thrown);
  if (error instanceof ProviderError) return error;
  throw new Error(`expected a ProviderError, got ${String(error)}`);
}

describe.each(Object.entries(kinds))('%s', (_, providerOf) => {
  it('translates a batch in one request and keeps the order', async () => {
    expect(await providerOf(server.url).translate(texts)).toEqual(answers);
    expect((await server.counts()).requests).toBe(1);
  });

  it.each(['hang', 'cut', 'half', 'not-json', { status: 429 }, { status: 500 }, { status: 503 }] as const)(
    'gets over %j by asking again',
    async (fault) => {
      await server.fail(fault, fault);
      expect(await patient(providerOf(server.url)).translate(texts)).toEqual(answers);
      expect((await server.counts()).requests).toBe(3);
    },
  );

  it('leaves the server alone for as long as it asks', async () => {
    await server.fail({ status: 429, retryAfter: 7 });
    const pauses: number[] = [];
    await patient(providerOf(server.url), pauses).translate(texts);
    expect(pauses).toEqual([7000]);
  });

  it('measures a Retry-After date by the clock of the server', async () => {
    await server.fail({ status: 503, retryAfter: new Date(Date.now() + 90_000).toUTCString() });
    const pauses: number[] = [];
    await patient(providerOf(server.url), pauses).translate(texts);
    expect(pauses[0]).toBeGreaterThan(87_000);
    expect(pauses[0]).toBeLessThanOrEqual(91_000);
  });
});

describe.each(Object.entries(kinds))('%s in trouble', (_, providerOf) => {
  it('gives up after the last attempt and says what the server said', async () => {
    await server.fail({ status: 500 }, { status: 500 }, { status: 500 }, { status: 500 }, { status: 500 });
    const error = await failure(patient(providerOf(server.url)).translate(texts));
    expect(error.message).toContain('got 500 {"error":"told to fail"}');
    expect((await server.counts()).requests).toBe(4);
  });

  it.each([
    [400, 'caption'],
    [413, 'caption'],
    [401, 'never'],
    [403, 'never'],
    [404, 'never'],
  ])('does not repeat status %i', async (status, remedy) => {
    await server.fail({ status });
    expect((await failure(patient(providerOf(server.url)).translate(texts))).remedy).toBe(remedy);
    expect((await server.counts()).requests).toBe(1);
  });

  it('lays a list of another length to the batch', async () => {
    await server.fail('short');
    expect((await failure(providerOf(server.url).translate(texts))).remedy).toBe('caption');
  });

  it('says that nobody listens', async () => {
    const gone = await startTranslationServer();
    await gone.stop();
    const error = await failure(providerOf(gone.url).translate(texts));
    expect(error.message).toContain('ECONNREFUSED');
    expect(error.remedy).toBe('later');
  });
});

it('sends LibreTranslate codes, plain text and the key in the body', async () => {
  await kinds['libretranslate']?.(server.url).translate(texts);
  const body = { q: texts, source: 'en', target: 'az', format: 'text', api_key: 'secret' };
  expect((await server.counts()).bodies).toEqual([body]);
});

it('sends chat captions as JSON at temperature 0 and the key in the header', async () => {
  await kinds['openai-compatible']?.(server.url).translate(texts);
  const { bodies, headers } = await server.counts();
  expect(bodies[0]).toMatchObject({ model: 'm', temperature: 0, messages: [{ role: 'system' }, { role: 'user' }] });
  expect(headers['authorization']).toBe('Bearer secret');
});
