import { createRandom, inShard, type Shard } from '@azclip/base';

import { captionsOf, type CaptionFile } from '../caption-files/caption-file.ts';
import { openCaptionFile } from '../caption-files/open-caption-file.ts';
import type { TranslateConfig } from '../config.ts';
import type { Language } from '../language/language-config.ts';
import { loadLanguage } from '../language/load-language.ts';
import type { TranslationPair } from '../ledger/prepared-pair.ts';
import { createProvider } from '../providers/create-provider.ts';
import type { RetryReport } from '../providers/retry.ts';
import { TranslationStore } from '../store/translation-store.ts';
import { TranslateError } from '../translate-error.ts';
import type { Answer, Caption, LanguagePair, Outcome, TranslationProvider } from '../translator.ts';
import { createTranslator } from './create-translator.ts';
import { estimateCost, type CostEstimate } from './estimate-cost.ts';
import { finishedShards, noteFinished, type ShardedWork } from './finished-shards.ts';
import { judgeFile, type LedgerSummary } from './judge-file.ts';

/** How to run a job. */
export interface TranslateFileOptions {
  /** Translate only this part of the texts; nothing is written but the store. */
  readonly shard?: Shard | undefined;
  /** Ask nobody: write the output from the store, and fail if a shard has not asked for all its captions yet. */
  readonly merge?: boolean;
  /** Ask nobody: only estimate. */
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Finds the key that a configuration names. */
  readonly apiKey?: (name: string) => string | undefined;
  /** Hears of every request that is repeated. */
  readonly onRetry?: (report: RetryReport) => void;
}

/** What happens in a job, in this order. */
export type TranslateReport =
  | { readonly kind: 'estimate'; readonly estimate: CostEstimate }
  | { readonly kind: 'caption'; readonly outcome: Outcome; readonly back: boolean }
  | { readonly kind: 'judging' }
  | { readonly kind: 'done'; readonly summary: LedgerSummary; readonly ledger: string };

/** Everything a job holds open. */
interface Job {
  readonly config: TranslateConfig;
  readonly options: TranslateFileOptions;
  readonly file: CaptionFile;
  readonly languages: { readonly source: Language; readonly target: Language; readonly rivals: readonly Language[] };
  readonly store: TranslationStore;
  readonly forward: Direction;
  readonly backward: Direction | undefined;
}

interface Direction {
  readonly provider: TranslationProvider;
  readonly codes: LanguagePair;
}

/** Translates a file of captions: estimate, translation, judgement; every step can be stopped and taken up again.
 * @throws {InputError} if the file, a language, a model or a server is not as expected. */
export async function* translateFile(
  config: TranslateConfig,
  options: TranslateFileOptions = {},
): AsyncGenerator<TranslateReport> {
  const job = await openJob(config, options);
  try {
    yield { kind: 'estimate', estimate: await estimate(job) };
    if (options.dryRun === true) return;
    if (options.merge !== true) yield* translateAll(job);
    if (options.shard !== undefined) {
      if (options.signal?.aborted !== true) await noteFinished(workOf(job), options.shard);
      return;
    }
    yield { kind: 'judging' };
    const ledger = ledgerPathOf(config.output);
    yield { kind: 'done', ledger, summary: await judgeAll(job, ledger) };
  } finally {
    await job.forward.provider.dispose?.();
    await job.backward?.provider.dispose?.();
    await job.store.close();
  }
}

async function openJob(config: TranslateConfig, options: TranslateFileOptions): Promise<Job> {
  const [source, target] = [await loadLanguage(config.source), await loadLanguage(config.target)];
  const rivals: Language[] = [];
  for (const code of config.rivals) rivals.push(await loadLanguage(code));
  const { output, captionColumn, imageColumn, translator, backTranslator } = config;
  const file = await openCaptionFile(config.input, { output, captionColumn, imageColumn });
  if (config.weights && !file.takesWeights) {
    throw new TranslateError(
      `${config.input}: expected JSON Lines (.jsonl), where weights can stand, as \`weights\` is set`,
    );
  }
  const random = createRandom(config.seed);
  const ways = { random, apiKey: options.apiKey ?? (() => undefined), onRetry: options.onRetry };
  const forward: Direction = {
    provider: await createProvider(translator, { source, target, ...ways }),
    codes: { source: source.code, target: target.code },
  };
  const backward =
    backTranslator === undefined
      ? undefined
      : {
          provider: await createProvider(backTranslator, { source: target, target: source, ...ways }),
          codes: { source: target.code, target: source.code },
        };
  const { shard } = options;
  const writer = shard === undefined ? undefined : `shard-${String(shard.index)}-of-${String(shard.count)}`;
  const store = await TranslationStore.open(config.store, writer);
  return { config, options, file, languages: { source, target, rivals }, store, forward, backward };
}

/** The captions of this run: all, or those of the shard. */
async function* captionsOfRun({ file, options: { shard } }: Job): AsyncGenerator<Caption> {
  for await (const caption of captionsOf(file)) {
    if (shard === undefined || inShard(caption.text, shard)) yield caption;
  }
}

function estimate(job: Job): Promise<CostEstimate> {
  const { config, store, forward } = job;
  const { batch, price, translator } = config;
  const rateLimit = 'rateLimit' in translator ? translator.rateLimit : undefined;
  return estimateCost(captionsOfRun(job), {
    provider: forward.provider,
    languages: forward.codes,
    store,
    batch,
    price,
    rateLimit,
  });
}

async function* translateAll(job: Job): AsyncGenerator<TranslateReport> {
  const { config, options, store, forward, backward } = job;
  const { batch, concurrency } = config;
  const run = ({ provider, codes }: Direction, captions: AsyncIterable<Caption>): AsyncGenerator<Outcome> =>
    createTranslator({ provider, languages: codes, store, batch, concurrency }).translate(captions, options.signal);
  for await (const outcome of run(forward, captionsOfRun(job))) yield { kind: 'caption', outcome, back: false };
  if (backward === undefined) return;
  for await (const outcome of run(backward, translationsOf(job))) yield { kind: 'caption', outcome, back: true };
}

async function* translationsOf(job: Job): AsyncGenerator<Caption> {
  for await (const { id, text } of captionsOfRun(job)) {
    const answer = await keptAnswer(job, job.forward, text);
    if (answer !== undefined) yield { id, text: answer.text };
  }
}

const keptAnswer = ({ store }: Job, { provider, codes }: Direction, text: string): Promise<Answer | undefined> =>
  store.get({ text, ...codes, model: provider.model });

const workOf = ({ config: { store, input }, forward: { provider, codes } }: Job): ShardedWork => ({
  ...{ store, input, model: provider.model },
  ...codes,
});

/** Where the ledger of an output stands. */
const ledgerPathOf = (output: string): string => `${output}.ledger.jsonl`;

async function judgeAll(job: Job, ledgerPath: string): Promise<LedgerSummary> {
  const { file, languages, forward, backward, options } = job;
  const { output, dropBelow, weights, seed } = job.config;
  const hadItsTurn = options.merge === true ? await finishedShards(workOf(job)) : () => true;
  const pairOf = async ({ id, text }: Caption): Promise<TranslationPair | undefined> => {
    const answer = await keptAnswer(job, forward, text);
    if (answer === undefined) {
      if (!hadItsTurn(text))
        throw new TranslateError(`${id}: not translated yet; run its shard, or all without --merge`);
      return undefined;
    }
    const back = backward && (await keptAnswer(job, backward, answer.text));
    return { id, source: text, translation: answer.text, score: answer.score, back: back?.text };
  };
  return judgeFile({ file, languages, pairOf, output, ledgerPath, dropBelow, weights, seed });
}
