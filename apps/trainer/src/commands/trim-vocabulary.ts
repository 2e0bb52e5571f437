import { InputError } from '@azclip/base';
import { corpusConfig, readCorpus, trimBert } from '@azclip/encoder-text';
import { loadTokenizer, trimVocabularyTo } from '@azclip/encoder-text/tokenizer';
import { Command } from 'commander';
import { consola } from 'consola';

import { fetchWeights } from '../fetch-weights.ts';

interface TrimFlags {
  readonly weights: string;
  readonly tokenizer: string;
  readonly corpus: readonly string[];
  readonly output: string;
  readonly minCount: number;
  readonly cache: string;
  readonly offline?: boolean;
}

/** `trainer trim-vocabulary`: cuts a pretrained BERT down to the pieces that a language needs. */
export function trimVocabularyCommand(): Command {
  return new Command('trim-vocabulary')
    .description('cut a pretrained BERT down to the pieces of a corpus; texts of kept pieces keep their features')
    .requiredOption('--weights <source>', 'safetensors file, folder with one, or hub id owner/name[@revision]')
    .requiredOption('--tokenizer <file>', 'its tokenizer.json or vocab.txt')
    .requiredOption('--corpus <files...>', 'texts of the language: .txt, .jsonl, Wikipedia .xml.bz2')
    .requiredOption('--output <folder>', 'where the trimmed model is written')
    .option('--min-count <n>', 'pieces that occur less often go', positiveInteger, 1)
    .option('--cache <folder>', 'where downloads are kept', 'runs/hub')
    .option('--offline', 'take from the cache alone')
    .action(trim);
}

async function trim({
  weights,
  tokenizer,
  corpus,
  output,
  minCount,
  cache,
  offline = false,
}: TrimFlags): Promise<void> {
  const hub = { cacheDir: cache, offline };
  await fetchWeights([weights], hub);
  const full = await loadTokenizer(tokenizer);
  const trimmed = await trimVocabularyTo(full, textsOf(corpus), minCount);
  const { pieces, parameters, saved } = await trimBert(weights, output, trimmed, hub);
  consola.success(`${count(pieces.before)} → ${count(pieces.after)} pieces`);
  consola.success(`${count(parameters.before)} → ${count(parameters.after)} parameters, ${count(saved)} saved`);
  consola.success(`model in ${output}`);
}

async function* textsOf(paths: readonly string[]): AsyncGenerator<string> {
  for (const path of paths) yield* readCorpus(corpusConfig.parse({ path }));
}

const count = (value: number): string => value.toLocaleString('en');

function positiveInteger(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InputError(`--min-count: expected a whole number from 1 up, got ${JSON.stringify(text)}`);
}
