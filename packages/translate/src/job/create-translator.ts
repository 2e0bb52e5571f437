import type { TranslationStore } from '../store/translation-store.ts';
import type { Answer, Caption, LanguagePair, Outcome, TranslationProvider, Translator } from '../translator.ts';
import { askPatiently, type FailureCount, type Reply } from './ask-patiently.ts';
import { batchByLength, batchConfig, type BatchConfig } from './batch-by-length.ts';
import { createDeferred, type Deferred } from './deferred.ts';
import { createLimit } from './limit.ts';
import { windowsOf } from './windows-of.ts';

/** What a translator is made of. */
export interface TranslatorOptions {
  readonly provider: TranslationProvider;
  readonly languages: LanguagePair;
  /** Where answers are kept; without one nothing outlives the stream. */
  readonly store?: TranslationStore | undefined;
  readonly batch?: BatchConfig;
  /** Batches under way at a time. */
  readonly concurrency?: number;
  /** Captions read ahead to be sorted by length; two such windows are in memory at a time. By default four batches for
   * each that is under way: outcomes come in order, so a larger window makes them wait longer. */
  readonly window?: number;
}

/** Makes the stream translator: captions are read in windows, looked up in the store, and what is missing goes to the
 * provider in batches of like length. A text is asked for once however often it occurs. An answer is kept before it is
 * handed on: what the stream has yielded is never asked for again. */
export function createTranslator(options: TranslatorOptions): Translator {
  return {
    model: options.provider.model,
    translate: async function* (captions, signal) {
      const stop = new AbortController();
      const onAbort = (): void => {
        stop.abort(signal?.reason);
      };
      signal?.addEventListener('abort', onAbort);
      if (signal?.aborted === true) onAbort();
      const limit = createLimit(options.concurrency ?? 1);
      try {
        yield* translateWindows(captions, { options, limit, failures: { inARow: 0 }, asked: new Map(), stop });
      } finally {
        signal?.removeEventListener('abort', onAbort);
      }
    },
  };
}

/** Batches of a window for each that is under way. */
const windowBatches = 4;

interface Job {
  readonly options: TranslatorOptions;
  readonly limit: ReturnType<typeof createLimit>;
  readonly failures: FailureCount;
  /** Texts that are being asked for: a text that comes again meanwhile waits for the same reply. */
  readonly asked: Map<string, Deferred<Reply>>;
  /** Aborted when nothing new may be begun. */
  readonly stop: AbortController;
}

async function* translateWindows(
  captions: AsyncIterable<Caption> | Iterable<Caption>,
  job: Job,
): AsyncGenerator<Outcome> {
  const { batch = batchConfig.parse({}), concurrency = 1 } = job.options;
  const window = job.options.window ?? windowBatches * concurrency * batch.maxItems;
  let open: Promise<Outcome>[] = []; // at most two windows
  try {
    for await (const next of windowsOf(captions, window)) {
      job.stop.signal.throwIfAborted();
      const begun = translateWindow(next, batch, job);
      for (const outcome of open) yield await outcome;
      open = begun;
    }
    for (const outcome of open) yield await outcome;
  } finally {
    job.stop.abort();
    await Promise.allSettled([...open, ...Array.from(job.asked.values(), ({ promise }) => promise)]);
  }
}

function translateWindow(captions: readonly Caption[], batch: BatchConfig, job: Job): Promise<Outcome>[] {
  const { store, languages, provider } = job.options;
  const missing: string[] = [];
  const outcomes = captions.map((caption): Promise<Outcome> => {
    const question = { text: caption.text, ...languages, model: provider.model };
    if (store?.has(question) === true) return keptOutcome(caption, store.get(question));
    const pending = job.asked.get(caption.text) ?? createDeferred<Reply>();
    if (!job.asked.has(caption.text)) missing.push(caption.text);
    job.asked.set(caption.text, pending);
    return pending.promise.then((reply) => outcomeOf(caption, reply));
  });
  for (const texts of batchByLength(missing, (text) => provider.countTokens(text), batch)) void askBatch(texts, job);
  for (const outcome of outcomes) outcome.catch(() => undefined); // they are awaited later
  return outcomes;
}

async function askBatch(texts: readonly string[], job: Job): Promise<void> {
  const { store, languages, provider } = job.options;
  const onReplies = async (replies: readonly Reply[]): Promise<void> => {
    const { model } = provider;
    await store?.append(
      replies.flatMap((reply) =>
        'answer' in reply ? [{ text: reply.text, ...languages, model, answer: reply.answer }] : [],
      ),
    );
    for (const reply of replies) {
      job.asked.get(reply.text)?.resolve(reply);
      job.asked.delete(reply.text);
    }
  };
  const ask = async (): Promise<void> => {
    try {
      await askPatiently(provider, texts, job.failures, onReplies, job.stop.signal);
    } catch (error) {
      job.stop.abort(error); // before the next batch gets the place of this one
      for (const text of texts) job.asked.get(text)?.reject(error);
    }
  };
  await job.limit(ask);
}

async function keptOutcome(caption: Caption, kept: Promise<Answer | undefined>): Promise<Outcome> {
  const answer = await kept;
  if (answer === undefined) return { ...caption, reason: 'its key is taken by another text' };
  return translated(caption, answer, true);
}

const outcomeOf = (caption: Caption, reply: Reply): Outcome =>
  'answer' in reply ? translated(caption, reply.answer, false) : { ...caption, reason: reply.reason };

function translated(caption: Caption, { text, score }: Answer, cached: boolean): Outcome {
  return { id: caption.id, text: caption.text, translation: text, ...(score === undefined ? {} : { score }), cached };
}
