import * as tf from '@tensorflow/tfjs';

import { poolTokens } from './pool-tokens.ts';

const x = tf.tensor3d([1, 2, 3, 4, 50, 60], [1, 3, 2]);
const mask = tf.tensor2d([1, 1, 0], [1, 3]);
const params = {
  pooler: { weight: tf.tensor2d([0.1, 0.2, 0.3, 0.4], [2, 2]), bias: tf.tensor1d([0, 0.5]) },
  pool: { map: { weight: tf.eye(2), bias: tf.zeros<tf.Rank.R1>([2]) }, context: tf.zeros<tf.Rank.R1>([2]) },
};

it.each([
  ['mean', [2, 3]],
  ['first', [1, 2]],
  ['pooler', [Math.tanh(0.1 + 0.6), Math.tanh(0.2 + 0.8 + 0.5)]],
  ['attention', [2, 3]], // nothing is looked for: equal weights
] as const)('pools by %s', (pooling, expected) => {
  expect(poolTokens(pooling, params, x, mask).dataSync()).toBeAllClose(expected);
});

it('names what the pooling learns and the parameters lack', () => {
  expect(() => poolTokens('pooler', {}, x, mask)).toThrow('"pooler" is missing');
});

it('frees all but its result', () => {
  const before = tf.memory().numTensors;
  for (const pooling of ['mean', 'first', 'pooler', 'attention'] as const)
    poolTokens(pooling, params, x, mask).dispose();
  expect(tf.memory().numTensors).toBe(before);
});
