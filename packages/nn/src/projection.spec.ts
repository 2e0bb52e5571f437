import { createRandom } from '@azclip/base';
import * as tf from '@tensorflow/tfjs';

import { evaluation, type Mode } from './mode.ts';
import { countParams, flattenParams, type ParamTree } from './params.ts';
import { projectionConfig } from './projection-config.ts';
import { initProjection, projection } from './projection.ts';

const random = createRandom(1);
const x = tf.tensor2d([
  [1, -2, 0.5],
  [0.3, 0.1, -1],
]);

/** The tree of `init` as the index-signature type that parameter functions take. */
const treeOf = (params: object): ParamTree => params as ParamTree;

it("counts as the paper's heads do: in · out + out, and 2 · out for the norm", () => {
  const expected = (featureDim: number, dim: number): number => featureDim * dim + dim + 2 * dim;
  for (const [featureDim, dim] of [
    [7, 5],
    [16, 8],
  ] as const) {
    const config = projectionConfig.parse({ head: 'linear-norm', dim });
    expect(countParams(treeOf(initProjection(config, featureDim, random)))).toBe(expected(featureDim, dim));
  }
  // ResNet-50, uncased multilingual BERT with pooler, and both heads: the paper's Table 2
  expect(23_508_032 + 167_356_416 + expected(2048, 512) + expected(768, 512)).toBe(192_309_312);
});

it('is an affine map when linear', () => {
  const config = projectionConfig.parse({ head: 'linear', dim: 2 });
  const params = {
    linear: {
      weight: tf.tensor2d([
        [1, 0],
        [0, 1],
        [2, 0],
      ]),
      bias: tf.tensor1d([0.5, -1]),
    },
  };
  expect(projection(config, params, x, evaluation).dataSync()).toBeAllClose([2.5, -3, -1.2, -0.9]);
  expect(Object.keys(flattenParams(treeOf(initProjection(config, 3, random))))).toEqual([
    'linear.weight',
    'linear.bias',
  ]);
});

it('has rows of mean 0 and variance 1 under a fresh layer norm', () => {
  for (const head of ['linear-norm', 'mlp']) {
    const config = projectionConfig.parse({ head, dim: 64 });
    const rows = projection(config, initProjection(config, 3, random), x, evaluation);
    const { mean, variance } = tf.moments(rows, 1);
    expect(mean.dataSync()).toBeAllClose([0, 0], 1e-5);
    expect(variance.dataSync()).toBeAllClose([1, 1], 1e-3);
  }
});

it('adds the hidden layer of mlp to the projection, and drops it alone in training', () => {
  const config = projectionConfig.parse({ head: 'mlp', dim: 3, dropout: 0.5, activation: 'relu' });
  const identity = { weight: tf.eye(3), bias: tf.zeros<tf.Rank.R1>([3]) };
  const params = { linear: identity, hidden: identity };
  const dropAll: Mode = { training: true, keepMask: (shape) => tf.zeros([...shape]), updateBuffer: () => undefined };
  expect(projection(config, params, x, evaluation).dataSync()).toBeAllClose([2, -2, 1, 0.6, 0.2, -1]); // x + relu(x)
  expect(projection(config, params, x, dropAll).dataSync()).toBeAllClose(x.dataSync());
});

it('has the gradient that finite differences show', () => {
  const config = projectionConfig.parse({ head: 'mlp', dim: 4 });
  const { linear, hidden, norm } = initProjection(config, 3, random);
  if (!hidden || !norm) throw new Error('mlp without its parts');
  const weights = tf.tensor2d([1, -2, 3, 0.5, -1, 0.25, 2, -0.75], [2, 4]);
  const loss = (input: tf.Tensor, first: tf.Tensor2D, second: tf.Tensor2D, scale: tf.Tensor1D): tf.Scalar => {
    const params = {
      linear: { ...linear, weight: first },
      hidden: { ...hidden, weight: second },
      norm: { ...norm, scale },
    };
    return tf.sum(tf.mul(projection(config, params, input as tf.Tensor2D, evaluation), weights));
  };
  expect(loss).toHaveGradientAt([x, linear.weight, hidden.weight, norm.scale]);
});

it('leaves no tensor behind', () => {
  const config = projectionConfig.parse({ head: 'mlp', dim: 4 });
  const params = initProjection(config, 3, random);
  const before = tf.memory().numTensors;
  projection(config, params, x, evaluation).dispose();
  expect(tf.memory().numTensors).toBe(before);
});
