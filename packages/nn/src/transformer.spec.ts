import { createRandom } from '@azclip/base';
import * as tf from '@tensorflow/tfjs';

import { normalTensor } from './init.ts';
import { linear } from './linear.ts';
import { evaluation, type Mode } from './mode.ts';
import { initTransformerLayer, transformerLayer, type TransformerLayerOptions } from './transformer.ts';

const random = createRandom(1);
const params = initTransformerLayer(4, 6, random);
const x = normalTensor<tf.Rank.R3>([2, 3, 4], 1, random);
const options: TransformerLayerOptions = {
  heads: 2,
  activation: 'gelu',
  norm: 'post',
  epsilon: 1e-5,
  mode: evaluation,
};

it('ends in a layer norm when post', () => {
  const { mean, variance } = tf.moments(transformerLayer(params, x, options), -1);
  expect(mean.dataSync()).toBeAllClose(Array(6).fill(0), 1e-5);
  expect(variance.dataSync()).toBeAllClose(Array(6).fill(1), 1e-3);
});

it('passes its input on when pre and both branches give zeros', () => {
  const none = { weight: tf.zeros<tf.Rank.R2>([4, 4]), bias: tf.zeros<tf.Rank.R1>([4]) };
  const mute = {
    ...params,
    attention: { ...params.attention, output: none },
    ffn: { ...params.ffn, down: { weight: tf.zeros<tf.Rank.R2>([6, 4]), bias: tf.zeros<tf.Rank.R1>([4]) } },
  };
  expect(transformerLayer(mute, x, { ...options, norm: 'pre' }).dataSync()).toBeAllClose(x.dataSync());
});

it.each(['post', 'pre'] as const)('computes the first token alone where nothing else is wanted, %s', (norm) => {
  const all = transformerLayer(params, x, { ...options, norm });
  const first = transformerLayer(params, x, { ...options, norm, firstOnly: true });
  expect(first.shape).toEqual([2, 1, 4]);
  expect(first.dataSync()).toBeAllClose(tf.slice(all, [0, 0, 0], [2, 1, 4]).dataSync());
});

it('adds the feed-forward layer of what attention gave', () => {
  const none = { weight: tf.zeros<tf.Rank.R2>([4, 4]), bias: tf.zeros<tf.Rank.R1>([4]) };
  const withoutAttention = { ...params, attention: { ...params.attention, output: none } };
  const y = transformerLayer(withoutAttention, x, { ...options, norm: 'pre', activation: 'relu' });
  const { mean, variance } = tf.moments(x, -1, true);
  const unit = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5)));
  const expected = tf.add(x, linear(params.ffn.down, tf.relu(linear(params.ffn.up, unit))));
  expect(y.dataSync()).toBeAllClose(expected.dataSync());
});

it('drops both branches, in training alone', () => {
  const dropAll: Mode = { training: true, keepMask: (shape) => tf.zeros([...shape]), updateBuffer: () => undefined };
  const rates = { dropoutRate: 0.5, attentionDropoutRate: 0.5 };
  const dropped = transformerLayer(params, x, { ...options, ...rates, norm: 'pre', mode: dropAll });
  expect(dropped.dataSync()).toBeAllClose(x.dataSync());
  const kept = transformerLayer(params, x, { ...options, ...rates });
  expect(kept.dataSync()).toBeAllClose(transformerLayer(params, x, options).dataSync());
});

it.each(['post', 'pre'] as const)('has the gradient that finite differences show, %s', (norm) => {
  const weights = normalTensor([2, 3, 4], 1, random);
  const loss = (input: tf.Tensor, up: tf.Tensor2D, scale: tf.Tensor1D): tf.Scalar => {
    const ffn = { ...params.ffn, up: { ...params.ffn.up, weight: up } };
    const all = { ...params, ffn, attentionNorm: { ...params.attentionNorm, scale } };
    return tf.sum(tf.mul(transformerLayer(all, input, { ...options, norm, epsilon: 0.1 }), weights));
  };
  expect(loss).toHaveGradientAt([x, params.ffn.up.weight, params.attentionNorm.scale]);
});

it('frees all but its result', () => {
  const before = tf.memory().numTensors;
  transformerLayer(params, x, options).dispose();
  expect(tf.memory().numTensors).toBe(before);
});
