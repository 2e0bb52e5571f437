import { createRandom } from '@azclip/base';
import { evaluation, flattenParams, normalTensor, unflattenParams, type ParamTree } from '@azclip/nn';
import { formulaTensor } from '@azclip/weights/formula';
import * as tf from '@tensorflow/tfjs';

import { bert, initBert, type BertParams } from '../bert.ts';
import { bertConfig } from '../config.ts';
import { decodeFloats, fillByFormula, itWithGolden, worstDifference } from '../golden.spec.helper.ts';
import { initMlmHead, mlmLogits, mlmLoss, type MlmHeadParams } from './mlm-head.ts';
import { mlmKeyMap } from './mlm-key-map.ts';

interface Golden {
  readonly keys: Readonly<Record<string, number[]>>;
  readonly ids: number[][];
  readonly labels: number[][];
  readonly loss: number;
  readonly logits_row0_token3: string;
  readonly grad_norms: Readonly<Record<string, number>>;
}

interface Model {
  readonly bert: BertParams;
  readonly head: MlmHeadParams;
}

const config = bertConfig.parse({ name: 'bert', layers: 2, hidden: 64, heads: 4, ffn: 128, pooling: 'mean' });
const options = { activation: config.activation, epsilon: config.epsilon };
const map = mlmKeyMap(config.layers);

/** The model of the golden file. Table and bias are tied with `decoder`, whose names come last and so fill them. */
function goldenModel(keys: Golden['keys']): Model {
  const random = createRandom(1);
  const fresh = { bert: initBert(config, 1000, random), head: initMlmHead(64, 1000, random) };
  const { bert: tower, head } = fillByFormula(fresh, map, keys);
  const word = tf.tensor2d(formulaTensor('cls.predictions.decoder.weight', [1000, 64]), [1000, 64]);
  const bias = tf.tensor1d(formulaTensor('cls.predictions.decoder.bias', [1000]));
  return { bert: { ...tower, embeddings: { ...tower.embeddings, word } }, head: { ...head, bias } };
}

const statesOf = (model: Model, ids: number[][]): tf.Tensor3D => {
  const mask = tf.ones<tf.Rank.R2>([ids.length, ids[0]?.length ?? 0]);
  return bert(config, model.bert, { ids: tf.tensor2d(ids, undefined, 'int32'), mask }, evaluation);
};

function lossOf(model: Model, { ids, labels }: Golden): tf.Scalar {
  const flat = labels.flat();
  const places = flat.flatMap((label, place) => (label >= 0 ? [place] : []));
  const right = places.map((place) => flat[place] ?? 0);
  return mlmLoss(model.head, model.bert.embeddings.word, statesOf(model, ids), {
    places: tf.tensor1d(places, 'int32'),
    labels: tf.tensor1d(right, 'int32'),
    weights: tf.ones([places.length]),
    ...options,
  });
}

itWithGolden('transformers-mlm-small.json', 'equals transformers in the loss and the scores', (file) => {
  const golden = file as Golden;
  const model = goldenModel(golden.keys);
  const token3 = tf.slice(statesOf(model, golden.ids), [0, 3, 0], [1, 1, 64]).reshape<tf.Tensor2D>([1, 64]);
  const scores = mlmLogits(model.head, model.bert.embeddings.word, token3, options).dataSync();
  expect(worstDifference(scores, decodeFloats(golden.logits_row0_token3))).toBeLessThan(1e-4);
  expect(lossOf(model, golden).dataSync()).toBeAllClose([golden.loss], 1e-5);
});

itWithGolden('transformers-mlm-small.json', 'equals transformers in the norm of every gradient', (file) => {
  const golden = file as Golden;
  const model = goldenModel(golden.keys) as unknown as ParamTree;
  const named = flattenParams(model);
  const names = Object.keys(named);
  const gradients = tf.grads((...values: tf.Tensor[]) => {
    const rebuilt = unflattenParams(model, Object.fromEntries(names.map((name, i) => [name, values[i] as tf.Tensor])));
    return lossOf(rebuilt as unknown as Model, golden);
  })(Object.values(named));
  const ours = new Map(map.rules.map((rule) => [map.canonical?.(rule.stored) ?? rule.stored, rule.ours]));
  const norms = Object.entries(golden.grad_norms).map(([name, expected]) => {
    const gradient = gradients[names.indexOf(ours.get(map.canonical?.(name) ?? name) ?? '')];
    return [gradient ? (tf.norm(gradient).dataSync()[0] ?? NaN) : NaN, expected] as const;
  });
  expect(norms).toHaveLength(names.length);
  const worst = norms.map(([actual, expected]) => Math.abs(actual - expected) / Math.max(expected, 1e-3));
  expect(Math.max(...worst)).toBeLessThan(1e-3);
});

const hidden = (weights: number[]) => ({
  places: tf.tensor1d([1, 0], 'int32'),
  labels: tf.tensor1d([2, 0], 'int32'),
  weights: tf.tensor1d(weights),
  ...options,
});

it('is ln(vocabulary) for a table of zeros, and passes over places of weight 0', () => {
  const head = initMlmHead(4, 5, createRandom(2));
  const states = normalTensor<tf.Rank.R3>([1, 2, 4], 1, createRandom(3));
  expect(mlmLoss(head, tf.zeros([5, 4]), states, hidden([1, 1])).dataSync()).toBeAllClose([Math.log(5)]);
  // only place 1, label 2, counts: its bias 3 against 0 for the other four
  const biased = { ...head, bias: tf.tensor1d([0, 0, 3, 0, 0]) };
  const expected = Math.log(4 + Math.exp(3)) - 3;
  expect(mlmLoss(biased, tf.zeros([5, 4]), states, hidden([1, 0])).dataSync()).toBeAllClose([expected]);
});

it('has the gradient that finite differences show', () => {
  const head = initMlmHead(4, 5, createRandom(4));
  const states = normalTensor<tf.Rank.R3>([1, 2, 4], 1, createRandom(5));
  const table = normalTensor<tf.Rank.R2>([5, 4], 1, createRandom(6));
  const loss = (word: tf.Tensor2D, x: tf.Tensor3D, bias: tf.Tensor1D): tf.Scalar =>
    mlmLoss({ ...head, bias }, word, x, { ...hidden([1, 0.5]), epsilon: 0.1 });
  expect(loss).toHaveGradientAt([table, states, head.bias]);
});

it('frees all but its result', () => {
  const head = initMlmHead(4, 5, createRandom(7));
  const [word, states, given] = [tf.zeros<tf.Rank.R2>([5, 4]), tf.ones<tf.Rank.R3>([1, 2, 4]), hidden([1, 1])];
  const before = tf.memory().numTensors;
  mlmLoss(head, word, states, given).dispose();
  expect(tf.memory().numTensors).toBe(before);
});
