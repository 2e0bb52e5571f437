import { createRandom } from '@azclip/base';
import { evaluation, flattenParams, type Mode, type ParamTree } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { bag, initBag } from './bag.ts';
import { bagConfig } from './config.ts';

const config = (rest: object) => bagConfig.parse({ name: 'bag', dim: 2, ...rest });
const word = tf.tensor2d([9, 9, 1, 2, 3, 6, 5, 1], [4, 2]);
const tokens = { ids: tf.tensor2d([1, 2, 0, 3, 0, 0], [2, 3], 'int32'), mask: tf.tensor2d([1, 1, 0, 1, 0, 0], [2, 3]) };

/** Keeps the first of everything only, and counts the masks it gives. */
function firstOnly(): { mode: Mode; shapes: (readonly number[])[] } {
  const shapes: (readonly number[])[] = [];
  const keepMask = (shape: readonly number[]): tf.Tensor => {
    shapes.push(shape);
    const row = Array.from({ length: shape.at(-1) ?? 0 }, (_, i) => (i === 0 ? 1 : 0));
    return tf.tile(tf.tensor2d([row]), [shape[0] ?? 1, 1]);
  };
  return { mode: { training: true, keepMask, updateBuffer: () => undefined }, shapes };
}

it('is the mean of the embeddings of the pieces that stand', () => {
  expect(bag(config({}), { embeddings: { word } }, tokens, evaluation).dataSync()).toBeAllClose([2, 4, 5, 1]);
});

it('leaves whole pieces out while training, and averages the others', () => {
  const { mode, shapes } = firstOnly();
  const features = bag(config({ tokenDropout: 0.5 }), { embeddings: { word } }, tokens, mode);
  expect(features.dataSync()).toBeAllClose([1, 2, 5, 1]);
  expect(shapes).toEqual([[2, 3]]);
});

it('drops features while training', () => {
  const { mode } = firstOnly();
  const features = bag(config({ dropout: 0.5 }), { embeddings: { word } }, tokens, mode);
  expect(features.dataSync()).toBeAllClose([4, 0, 10, 0]);
});

it('has the parts that the config names', () => {
  const random = createRandom(1);
  const names = (rest: object): string[] =>
    Object.keys(flattenParams(initBag(config(rest), 4, random) as unknown as ParamTree));
  expect(names({})).toEqual(['embeddings.word']);
  expect(names({ hidden: 3, pooling: 'attention' })).toEqual([
    'embeddings.word',
    'pool.map.weight',
    'pool.map.bias',
    'pool.context',
    'ffn.up.weight',
    'ffn.up.bias',
    'ffn.down.weight',
    'ffn.down.bias',
  ]);
});

it('has the gradient that finite differences show, with attention and a hidden layer', () => {
  const full = config({ hidden: 3, pooling: 'attention' });
  const params = initBag(full, 4, createRandom(2));
  const loss = (table: tf.Tensor2D): tf.Scalar =>
    tf.sum(tf.square(bag(full, { ...params, embeddings: { word: table } }, tokens, evaluation)));
  expect(loss).toHaveGradientAt([params.embeddings.word]);
});

it('frees all but its result', () => {
  const full = config({ hidden: 3, pooling: 'attention', dropout: 0.5, tokenDropout: 0.5 });
  const params = initBag(full, 4, createRandom(3));
  const { mode } = firstOnly();
  const before = tf.memory().numTensors;
  bag(full, params, tokens, mode).dispose();
  expect(tf.memory().numTensors).toBe(before);
});
