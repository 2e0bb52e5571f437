import { createRandom } from '@azclip/base';
import { evaluation, type Mode } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { bert, initBert } from './bert.ts';
import { bertConfig } from './config.ts';

const form = {
  name: 'bert',
  layers: 1,
  hidden: 4,
  heads: 2,
  ffn: 6,
  maxPosition: 5,
  pooling: 'mean',
  contextLength: 5,
};
const config = bertConfig.parse(form);
const params = initBert(config, 7, createRandom(1));
const ids = tf.tensor2d([1, 2, 3], [1, 3], 'int32');
const mask = tf.ones<tf.Rank.R2>([1, 3]);

it('takes every token as of the first type unless told', () => {
  const untold = bert(config, params, { ids, mask }, evaluation).dataSync();
  const types = (values: number[]) => tf.tensor2d(values, [1, 3], 'int32');
  expect(bert(config, params, { ids, mask, types: types([0, 0, 0]) }, evaluation).dataSync()).toBeAllClose(untold);
  expect(bert(config, params, { ids, mask, types: types([0, 1, 1]) }, evaluation).dataSync()).not.toBeAllClose(untold);
});

it('sums word, position and type embeddings and normalises them', () => {
  const none = bertConfig.parse({ ...form, norm: 'post', epsilon: 1e-12 });
  const { word, position, tokenType } = params.embeddings;
  const row = (table: tf.Tensor2D, i: number): tf.Tensor => tf.slice(table, [i, 0], [1, 4]);
  const sum = tf.add(tf.add(row(word, 3), row(position, 2)), row(tokenType, 0));
  const { mean, variance } = tf.moments(sum, 1, true);
  const expected = tf.div(tf.sub(sum, mean), tf.sqrt(variance)).dataSync();
  const states = bert(none, { ...params, layers: [] }, { ids, mask }, evaluation);
  expect(tf.slice(states, [0, 2, 0], [1, 1, 4]).dataSync()).toBeAllClose(expected, 1e-4);
});

it('asks for a mask of every dropout while training', () => {
  const shapes: (readonly number[])[] = [];
  const keepMask = (shape: readonly number[]): tf.Tensor => {
    shapes.push(shape);
    return tf.ones([...shape]);
  };
  const mode: Mode = { training: true, keepMask, updateBuffer: () => undefined };
  bert(config, params, { ids, mask }, mode);
  expect(shapes).toEqual([
    [1, 3, 4], // embeddings
    [1, 2, 3, 3], // attention weights
    [1, 3, 4], // attention branch
    [1, 3, 4], // feed-forward branch
  ]);
});

it('frees all but its result', () => {
  const before = tf.memory().numTensors;
  bert(config, params, { ids, mask }, evaluation).dispose();
  expect(tf.memory().numTensors).toBe(before);
});
