import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import type { LogitsProcessorList, TranslationPipeline } from '@xenova/transformers';

import { TranslateError } from '../translate-error.ts';
import type { Answer, TranslationProvider } from '../translator.ts';
import { watchGreedy } from './greedy-watch.ts';

/** Model families and how each is told the languages: NLLB-200 by FLORES codes, M2M100 by ISO codes, MADLAD-400 by a
 * `<2az>` in front of the text, opus-mt by a `>>aze_Latn<<` in front where the model has several targets, else not. */
export type ModelFamily = 'nllb' | 'm2m100' | 'madlad' | 'opus-mt';

/** The precision of the ONNX files to load, as Transformers.js names them. */
export type ModelDtype = 'fp32' | 'fp16' | 'q8' | 'int8' | 'uint8' | 'q4';

/** Which model, between which of its codes. */
export interface TransformersOptions {
  readonly family: ModelFamily;
  /** A folder on disk, or `owner/name` on the hub. */
  readonly model: string;
  /** The family's own code; unused where the model has one source language. */
  readonly source?: string | undefined;
  /** The family's own code; unused where the model has one target language. */
  readonly target?: string | undefined;
  readonly dtype: ModelDtype;
  readonly device?: 'cpu' | 'cuda' | 'webgpu' | undefined;
  /** Where hub files are kept. */
  readonly cacheDir?: string | undefined;
  /** Fail rather than download. */
  readonly localFilesOnly?: boolean | undefined;
  /** Longest translation, tokens. */
  readonly maxNewTokens: number;
}

/** A sequence-to-sequence model in this process, through Transformers.js and ONNX Runtime; greedy decoding.
 * @throws {TranslateError} if the model or one of its files is not found, or does not know a language. */
export async function transformersProvider(options: TransformersOptions): Promise<TranslationProvider> {
  const translator = await loadPipeline(options);
  const { family, model, dtype, target } = options;
  const prefix = prefixOf(options);
  let turn: Promise<unknown> = Promise.resolve(); // one batch at a time: ONNX Runtime takes all cores for it
  return {
    model: `transformers:${model}:${dtype}:${family}:${target ?? ''}`,
    countTokens: (text) => translator.tokenizer.encode(text).length,
    translate: (texts, signal) => {
      const answers = turn.then(() => {
        signal?.throwIfAborted();
        return runPipeline(
          translator,
          texts.map((text) => prefix + text),
          options,
        );
      });
      turn = answers.catch(() => undefined);
      return answers;
    },
    dispose: async () => {
      await turn;
      await translator.dispose();
    },
  };
}

async function loadPipeline(options: TransformersOptions): Promise<TranslationPipeline> {
  const { env, LogLevel, pipeline } = await import('@xenova/transformers');
  env.logLevel = LogLevel.ERROR;
  const local = existsSync(options.model);
  try {
    const translator = await pipeline('translation', local ? resolve(options.model) : options.model, {
      dtype: options.dtype,
      device: options.device ?? 'cpu',
      local_files_only: local || options.localFilesOnly === true,
      ...(options.cacheDir === undefined ? {} : { cache_dir: options.cacheDir }),
    });
    return translator;
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
    throw new TranslateError(
      `translator model ${options.model} (${options.dtype}): expected an ONNX model folder, got: ${reason}`,
    );
  }
}

function prefixOf({ family, target }: TransformersOptions): string {
  if (target === undefined) return '';
  if (family === 'madlad') return `<2${target}> `;
  return family === 'opus-mt' ? `>>${target}<< ` : '';
}

async function runPipeline(
  translator: TranslationPipeline,
  texts: readonly string[],
  { family, model, source, target, maxNewTokens }: TransformersOptions,
): Promise<Answer[]> {
  const named = family === 'nllb' || family === 'm2m100';
  const watch = watchGreedy(texts.length, endTokenOf(translator));
  const generation = {
    max_new_tokens: maxNewTokens,
    num_beams: 1,
    do_sample: false,
    // Any callable serves; the library's types ask for its own classes.
    logits_processor: [watch.observe] as unknown as LogitsProcessorList,
    ...(named ? { src_lang: source, tgt_lang: target } : {}),
  };
  try {
    const translated = await translator([...texts], generation);
    const means = watch.means();
    return (translated as { translation_text: string }[]).map(({ translation_text: text }, row) => {
      const score = means[row];
      return { text: text.trim(), ...(score === undefined ? {} : { score }) };
    });
  } catch (error) {
    if (error instanceof Error && /language code/u.test(error.message)) {
      throw new TranslateError(`translator model ${model}: ${error.message.slice(0, 160)}`);
    }
    throw error;
  }
}

function endTokenOf(translator: TranslationPipeline): number {
  const id = (translator.model.config as unknown as { eos_token_id?: number | number[] }).eos_token_id;
  return Array.isArray(id) ? (id[0] ?? -1) : (id ?? -1);
}
