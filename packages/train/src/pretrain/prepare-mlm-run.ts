import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { createRandom, InputError, writeFileAtomic } from '@azclip/base';
import { loadBertWeights, pieceKinds, readCorpus } from '@azclip/encoder-text';
import { learnWordPieceFrom, loadTokenizer, type Tokenizer } from '@azclip/encoder-text/tokenizer';
import { unflattenParams, type ParamTree } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import type { NoteReport, PreparationReport } from '../report.ts';
import { downloadAll, type HostTensors } from '../step/host-tensors.ts';
import type { PretrainConfig } from './config.ts';
import { splitWindows, type MlmBatchOptions, type WindowSplit } from './mlm-batches.ts';
import { initialMlmState, initMlmModel, namedModel, type MlmModel } from './mlm-step.ts';
import { openPieceStore, writePieceStore } from './piece-store.ts';

/** The files of a pre-training run: `<output>/<name>/…`. */
export interface MlmRunFolder {
  readonly root: string;
  /** The corpora as piece ids. */
  readonly pieces: string;
  readonly tokenizer: string;
  readonly checkpoint: string;
  readonly metrics: string;
  /** The same for TensorBoard. */
  readonly events: string;
  /** What `weights` of a text tower names. */
  readonly model: string;
}

/** Names the files of the run that `config` describes; makes nothing. */
export function mlmRunFolderOf({ output, name }: Pick<PretrainConfig, 'output' | 'name'>): MlmRunFolder {
  const root = join(output, name);
  return {
    root,
    pieces: join(root, 'pieces.i32'),
    tokenizer: join(root, 'tokenizer.json'),
    checkpoint: join(root, 'checkpoints', 'last.safetensors'),
    metrics: join(root, 'metrics.jsonl'),
    events: join(root, 'tensorboard', 'events.out.tfevents.0.azclip'),
    model: join(root, 'model'),
  };
}

/** A pre-training run ready for its first step. */
export interface MlmRun {
  readonly config: PretrainConfig;
  readonly folder: MlmRunFolder;
  readonly tokenizer: Tokenizer;
  /** Parameters whose names and form count; their values are those of the first step. */
  readonly template: MlmModel;
  readonly initialState: HostTensors;
  readonly batches: MlmBatchOptions;
  readonly split: WindowSplit;
  /** Frees the parameters and closes the corpus. */
  dispose(): Promise<void>;
}

/** Learns or loads the tokenizer, writes the corpora as pieces, makes the tower.
 * What a run of this name has written of them is taken up again. A backend must be in use.
 * @throws {InputError} if corpora, tokenizer or weights are not as the config says. */
export async function* prepareMlmRun(config: PretrainConfig): AsyncGenerator<PreparationReport | NoteReport, MlmRun> {
  const { tower, train, masking, seed } = config;
  if (tower.norm === 'pre') {
    throw new InputError('tower.norm: expected "post", got "pre", whose last norm a stored BERT has no name for');
  }
  const folder = mlmRunFolderOf(config);
  const tokenizer = yield* tokenizerOf(config, folder);
  const { first, last } = tokenizer.special;
  if (first === undefined || last === undefined) throw new InputError('tokenizer: expected [CLS] and [SEP], got none');
  if (!existsSync(folder.pieces)) {
    const texts = watched(config, 'corpus into pieces');
    const writing = writePieceStore(folder.pieces, texts.read(), tokenizer);
    yield* texts.reports(writing);
  }
  const store = await openPieceStore(folder.pieces);
  const { contextLength } = tower;
  const sizes = { store, contextLength, batchSize: train.batchSize };
  const split = splitWindows(sizes, config.evaluation.share);
  if (split.train < 1 || split.heldOut < 1) {
    throw new InputError(
      `corpora: expected at least two windows of ${String(contextLength)} pieces, got ${String(store.count)} pieces`,
    );
  }
  const template = await withWeights(initMlmModel(tower, tokenizer.vocabSize, createRandom(seed)), config);
  const state = tf.tidy(() => initialMlmState(tower, template));
  yield { kind: 'note', message: `${String(store.count)} pieces, ${String(split.train)} windows to learn from` };
  return {
    config,
    folder,
    tokenizer,
    template,
    initialState: await downloadAll(state),
    batches: { ...sizes, kinds: pieceKinds(tokenizer), frame: { first, last }, hiding: masking, seed },
    split,
    dispose: async () => {
      tf.dispose([state, namedModel(template)]);
      await store.close();
    },
  };
}

async function* tokenizerOf(
  config: PretrainConfig,
  folder: MlmRunFolder,
): AsyncGenerator<PreparationReport, Tokenizer> {
  const { file, vocabularySize: size, lowercase } = config.tokenizer;
  const { language } = config;
  if (existsSync(folder.tokenizer)) return loadTokenizer(folder.tokenizer);
  const texts = watched(config, 'vocabulary');
  const making = file === undefined ? learnWordPieceFrom(texts.read(), { size, language, lowercase }) : undefined;
  if (making) yield* texts.reports(making);
  const tokenizer = (await making) ?? (await loadTokenizer(file ?? '', { language, lowercase }));
  await writeFileAtomic(folder.tokenizer, JSON.stringify(tokenizer.toJson()));
  return tokenizer;
}

/** The texts of all corpora, and reports of how many have been read. */
function watched(
  config: PretrainConfig,
  what: string,
): {
  read(): AsyncGenerator<string>;
  reports(work: Promise<unknown>): AsyncGenerator<PreparationReport>;
} {
  let done = 0;
  return {
    read: async function* () {
      for (const corpus of config.corpora) {
        for await (const text of readCorpus(corpus)) {
          done += 1;
          yield text;
        }
      }
    },
    reports: async function* (work) {
      const end = work.then(() => true);
      for (let ended = false; !ended;) {
        ended = await Promise.race([end, setTimeout(reportMs, false, { ref: false })]);
        yield { kind: 'preparation', what, done, total: undefined };
      }
    },
  };
}

/** Milliseconds between two reports of the corpora's reading. */
const reportMs = 500;

/** `model` with the tower that the config's `weights` name; the head stays fresh. */
async function withWeights(model: MlmModel, { tower, hub }: PretrainConfig): Promise<MlmModel> {
  if (tower.weights === undefined) return model;
  const named = namedModel(model);
  const own = Object.entries(named).filter(([name]) => name.startsWith('bert.'));
  const shapes = Object.fromEntries(own.map(([name, { shape }]) => [name.slice('bert.'.length), shape]));
  for await (const { name, shape, data } of loadBertWeights(tower, shapes, { hub })) {
    named[`bert.${name}`]?.dispose();
    named[`bert.${name}`] = tf.tensor(data, [...shape]);
  }
  return unflattenParams(model as unknown as ParamTree, named) as unknown as MlmModel;
}
