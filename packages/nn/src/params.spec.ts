import * as tf from '@tensorflow/tfjs';

import { countParams, flattenParams, isBuffer, unflattenParams } from './params.ts';

const tree = () => ({
  layers: [
    { weight: tf.zeros([2, 3]), bias: tf.zeros([3]) },
    { weight: tf.ones([3, 1]), bias: tf.ones([1]) },
  ],
  norm: { scale: tf.ones([4]), runningMean: tf.zeros([4]) },
});

it('names tensors by their path, in order', () => {
  expect(Object.keys(flattenParams(tree()))).toEqual([
    'layers.0.weight',
    'layers.0.bias',
    'layers.1.weight',
    'layers.1.bias',
    'norm.scale',
    'norm.runningMean',
  ]);
});

it('rebuilds the tree from names', () => {
  const original = tree();
  const rebuilt = unflattenParams(original, flattenParams(original));
  expect(rebuilt).toEqual(original);
  expect(rebuilt.layers[1]?.bias).toBe(original.layers[1]?.bias);
});

it('names the path that is missing', () => {
  expect(() => unflattenParams(tree(), {})).toThrow('parameters: "layers.0.weight" is missing');
});

it('does not count running statistics', () => {
  expect(isBuffer('norm.runningMean')).toBe(true);
  expect(countParams(tree())).toBe(6 + 3 + 3 + 1 + 4);
});
