import * as tf from '@tensorflow/tfjs';

import { countMultiplyAdds } from './count-multiply-adds.ts';

it.each([
  [
    'a convolution',
    () => tf.conv2d(tf.ones<tf.Rank.R4>([2, 8, 8, 3]), tf.ones([3, 3, 3, 5]), 2, 'same'),
    2 * 4 * 4 * 5 * 27,
  ],
  [
    'a depthwise one',
    () => tf.depthwiseConv2d(tf.ones<tf.Rank.R4>([1, 8, 8, 6]), tf.ones([5, 5, 6, 1]), 1, 'same'),
    64 * 6 * 25,
  ],
  ['a matrix product', () => tf.matMul(tf.ones([4, 7]), tf.ones([7, 3])), 4 * 7 * 3],
  [
    'one of several, turned',
    () => tf.matMul(tf.ones([2, 5, 4, 7]), tf.ones([2, 5, 3, 7]), false, true),
    10 * 4 * 7 * 3,
  ],
  ['element by element: none', () => tf.add(tf.ones([9]), 1), 0],
] as const)('%s', async (_, run, expected) => {
  expect(await countMultiplyAdds(run)).toBe(expected);
});
