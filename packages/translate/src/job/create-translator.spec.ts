import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { collect } from '@azclip/base';

import { libreTranslateProvider } from '../providers/libretranslate.ts';
import { ProviderError } from '../providers/provider-error.ts';
import { TranslationStore } from '../store/translation-store.ts';
import { startTranslationServer, turnRound, type TranslationServer } from '../testing/translation-server.ts';
import type { Caption, Outcome, TranslationProvider } from '../translator.ts';
import { createTranslator, type TranslatorOptions } from './create-translator.ts';

const languages = { source: 'en', target: 'az' };
const batch = { maxItems: 4, maxTokens: 1000 };

let server: TranslationServer;
let folder: string;
let store: TranslationStore;
beforeAll(async () => {
  server = await startTranslationServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  await server.reset();
  folder = await mkdtemp(join(tmpdir(), 'azclip-'));
  store = await TranslationStore.open(folder);
});
afterEach(() => store.close());

const captions = (count: number): Caption[] =>
  Array.from({ length: count }, (_, i) => ({ id: `c${String(i)}`, text: `caption ${'x'.repeat(i % 7)} ${String(i)}` }));

const providerAt = (url: string): TranslationProvider =>
  libreTranslateProvider({ url, source: 'en', target: 'az', timeoutMs: 2000 });

function translate(
  items: Iterable<Caption>,
  more: Partial<TranslatorOptions> = {},
  signal?: AbortSignal,
): AsyncGenerator<Outcome> {
  const provider = more.provider ?? providerAt(server.url);
  return createTranslator({ languages, store, batch, window: 10, concurrency: 3, ...more, provider }).translate(
    items,
    signal,
  );
}

it('hands captions on in order, in batches, several at a time', async () => {
  await server.delay(20);
  const outcomes = await collect(translate(captions(50)));
  expect(outcomes.map(({ id }) => id)).toEqual(captions(50).map(({ id }) => id));
  for (const { text, translation } of outcomes) expect(translation).toBe(turnRound(text));
  const { requests, mostAtOnce } = await server.counts();
  expect(requests).toBe(5 * 3); // windows of 10 in batches of 4
  expect(mostAtOnce).toBe(3);
});

it('asks for a text once, however often and wherever it occurs', async () => {
  const same = captions(45).map(({ id }, i) => ({ id, text: `text ${String(i % 3)}` }));
  const outcomes = await collect(translate(same));
  expect(outcomes.filter(({ translation }) => translation === turnRound('text 1'))).toHaveLength(15);
  expect((await server.counts()).texts).toEqual({ 'text 0': 1, 'text 1': 1, 'text 2': 1 });
});

it('asks for nothing that is kept', async () => {
  await collect(translate(captions(20)));
  const { requests } = await server.counts();
  const again = await collect(translate(captions(20)));
  expect(again.every((outcome) => outcome.translation !== undefined && outcome.cached)).toBe(true);
  expect((await server.counts()).requests).toBe(requests);
});

it('isolates a caption on which the server stumbles, and does not keep it', async () => {
  for (const status of [400, 500]) {
    await server.poison(['caption xxx 3'], status);
    const outcomes = await collect(translate(captions(12), { concurrency: 1 }));
    expect(outcomes.filter(({ translation }) => translation === undefined)).toEqual([
      { id: 'c3', text: 'caption xxx 3', reason: expect.stringContaining(`got ${String(status)}`) as string },
    ]);
  }
  await server.poison([]);
  const outcomes = await collect(translate(captions(12)));
  expect(outcomes.every(({ translation }) => translation !== undefined)).toBe(true);
});

it('stops when the server fails whatever it is asked', async () => {
  await server.fail(...Array.from({ length: 200 }, () => ({ status: 503 })));
  await expect(collect(translate(captions(50)))).rejects.toThrow(ProviderError);
  expect((await server.counts()).requests).toBeLessThan(12);
});

it('stops at once when the key is wrong, but keeps what came before', async () => {
  await server.fail('ok', 'ok', 'ok', { status: 401 });
  await expect(collect(translate(captions(50), { concurrency: 1 }))).rejects.toThrow('got 401');
  expect((await server.counts()).requests).toBe(4);
  expect(store.size).toBe(10); // the first window: 4 + 4 + 2
});

it('finishes and keeps what is under way when told to stop, and begins nothing new', async () => {
  await server.delay(100);
  const stop = new AbortController();
  const stream = translate(captions(60), {}, stop.signal);
  setTimeout(() => {
    stop.abort(new Error('stopped'));
  }, 150);
  await expect(collect(stream)).rejects.toThrow('stopped');
  const { texts } = await server.counts();
  expect(Object.keys(texts).length).toBeLessThan(60);
  expect(store.size).toBe(Object.keys(texts).length);
  await collect(translate(captions(60)));
  expect(Object.values((await server.counts()).texts)).toEqual(Array.from({ length: 60 }, () => 1));
});

it('keeps what was under way when the reader goes away', async () => {
  await server.delay(20);
  for await (const outcome of translate(captions(60))) if (outcome.id === 'c5') break;
  const { texts } = await server.counts();
  expect(store.size).toBe(Object.keys(texts).length);
});

it('reports a caption to which no provider knows an answer, or an empty one', async () => {
  const provider: TranslationProvider = {
    model: 'silent',
    countTokens: () => 1,
    translate: (texts) => Promise.resolve(texts.map((text) => (text.endsWith('0') ? undefined : { text: ' ' }))),
  };
  const reasons = (await collect(translate(captions(2), { provider }))).map((outcome) =>
    outcome.translation === undefined ? outcome.reason : '',
  );
  expect(reasons).toEqual(['no provider has an answer', 'the answer is empty']);
});
