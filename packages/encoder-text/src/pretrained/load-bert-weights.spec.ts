import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createRandom, InputError } from '@azclip/base';
import { countParams, evaluation, flattenParams, unflattenParams, type ParamTree } from '@azclip/nn';
import { writeSafetensors } from '@azclip/weights';
import * as tf from '@tensorflow/tfjs';

import { bertConfig } from '../config.ts';
import { createTextTower } from '../create-text-tower.ts';
import type { TextTower } from '../text-tower.ts';
import { createTokenizer } from '../tokenizer/create-tokenizer.ts';
import { loadTokenizer } from '../tokenizer/load-tokenizer.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { trimVocabulary } from '../tokenizer/trim-vocabulary.ts';
import { wordPieceJson } from '../tokenizer/word-piece-json.ts';
import { loadBertWeights, type LoadBertOptions } from './load-bert-weights.ts';
import { storedBert } from './stored-bert.ts';
import { trimBert } from './trim-bert.ts';
import { trimmingReport } from './trimming-report.ts';

const folder = mkdtempSync(join(tmpdir(), 'bert-'));
const weights = join(folder, 'model.safetensors');
const hub = { cacheDir: folder, offline: true };
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const pieces = ['[PAD]', 'x', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'ev', '##in', 'e', '##v', 'qırmızı', 'maşın', 'it'];
const tokenizer = createTokenizer(wordPieceJson(pieces, [{ type: 'NFC' }]));
const form = { name: 'bert', layers: 2, hidden: 8, heads: 2, ffn: 12, maxPosition: 12, contextLength: 6, weights };
const config = bertConfig.parse(form);
const tower = createTextTower(config, pieces.length);
const tree = tower.init(createRandom(1));

const shapesOf = (params: ParamTree): Record<string, number[]> =>
  Object.fromEntries(Object.entries(flattenParams(params)).map(([name, { shape }]) => [name, shape]));

async function load(
  params: ParamTree,
  source: { weights?: string | undefined },
  options: LoadBertOptions,
): Promise<ParamTree> {
  const loaded = flattenParams(params);
  for await (const { name, shape, data } of loadBertWeights(source, shapesOf(params), options)) {
    loaded[name] = tf.tensor(data, [...shape]);
  }
  return unflattenParams(params, loaded);
}

/** Features of texts that need kept pieces alone. */
function featuresOf(own: TextTower, params: ParamTree, ownTokenizer: Tokenizer): Float32Array {
  const { ids, mask } = ownTokenizer.encode(['ev', 'qırmızı maşın', 'maşın ev'], 6);
  const tokens = { ids: tf.tensor2d(ids, [3, 6]), mask: tf.tensor2d(mask, [3, 6]) };
  return own.apply(params, tokens, evaluation).dataSync<'float32'>();
}

beforeAll(() => {
  const host = Object.entries(flattenParams(tree)).map(
    ([name, tensor]) => [name, { shape: tensor.shape, data: tensor.dataSync() }] as const,
  );
  return writeSafetensors(weights, storedBert(Object.fromEntries(host)));
});

it('fills a tower with what was stored', async () => {
  const loaded = flattenParams(await load(tower.init(createRandom(2)), config, { hub }));
  for (const [name, tensor] of Object.entries(flattenParams(tree))) {
    expect(Array.from(loaded[name]?.dataSync() ?? [])).toEqual(Array.from(tensor.dataSync()));
  }
});

it('gives texts of kept pieces the features of the whole vocabulary', async () => {
  const trimmed = trimVocabulary(tokenizer, ['qırmızı maşın', 'ev']);
  const small = createTextTower(config, trimmed.tokenizer.vocabSize);
  const params = await load(small.init(createRandom(3)), config, { hub, vocabulary: trimmed });
  const whole = featuresOf(tower, tree, tokenizer);
  expect(featuresOf(small, params, trimmed.tokenizer)).toBeAllClose(whole, 1e-6);
  const dropped = pieces.length - trimmed.tokenizer.vocabSize;
  expect(dropped).toBeGreaterThan(0);
  expect(trimmingReport(shapesOf(params), trimmed.fullSize)).toMatchObject({
    pieces: { before: 13, after: 13 - dropped },
    saved: dropped * 8,
  });
});

it('writes a trimmed model that gives texts of kept pieces the same features, and says what it saves', async () => {
  const trimmed = trimVocabulary(tokenizer, ['qırmızı maşın', 'ev']);
  const output = join(folder, 'trimmed');
  const report = await trimBert(weights, output, trimmed, hub);
  const small = createTextTower(config, trimmed.tokenizer.vocabSize);
  const params = await load(small.init(createRandom(6)), { weights: output }, { hub });
  const reloaded = await loadTokenizer(join(output, 'tokenizer.json'));
  expect(featuresOf(small, params, reloaded)).toBeAllClose(featuresOf(tower, tree, tokenizer), 1e-6);
  const all = countParams(tree);
  expect(report).toEqual({
    pieces: { before: 13, after: reloaded.vocabSize },
    parameters: { before: all, after: countParams(params) },
    saved: (13 - reloaded.vocabSize) * 8,
  });
  const other = { ...trimmed, fullSize: 14 };
  await expect(trimBert(weights, output, other, hub)).rejects.toThrow('of 14 pieces as the tokenizer has, got 13');
});

it('takes the first layers of a deeper checkpoint, and keeps fresh what it does not hold', async () => {
  const shallow = createTextTower(bertConfig.parse({ ...form, layers: 1, pooling: 'attention' }), pieces.length);
  const fresh = shallow.init(createRandom(4));
  const loaded = flattenParams(await load(fresh, config, { hub }));
  const same = (name: string, other: ParamTree): boolean =>
    String(loaded[name]?.dataSync()) === String(flattenParams(other)[name]?.dataSync());
  expect(same('layers.0.ffn.up.weight', tree)).toBe(true);
  expect(same('pool.context', fresh)).toBe(true);
});

it('names what does not fit', async () => {
  await expect(load(tree, {}, { hub })).rejects.toThrow('weights: expected a file, a folder or a hub id');
  const wider = createTextTower(bertConfig.parse({ ...form, ffn: 14 }), pieces.length);
  const failure = load(wider.init(createRandom(5)), config, { hub });
  await expect(failure).rejects.toThrow(InputError);
  await expect(failure).rejects.toThrow('encoder.layer.0.intermediate.dense.weight [12, 8]');
  const vocabulary = { keptIds: Int32Array.of(0, 1), fullSize: 13 };
  await expect(load(tree, config, { hub, vocabulary })).rejects.toThrow('expected 13 kept pieces');
});
