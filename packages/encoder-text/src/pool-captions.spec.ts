import { createRandom } from '@azclip/base';
import * as tf from '@tensorflow/tfjs';

import { initAttentionPool } from './attention-pool.ts';
import { poolCaptions } from './pool-captions.ts';

const features = tf.tensor2d([1, 2, 3, 4, 5, 6, 70, 80], [4, 2]); // two images of two captions
const mask = tf.tensor2d([1, 1, 1, 0], [2, 2]);
const params = initAttentionPool(2, createRandom(1));

it('averages the captions that an image has', () => {
  expect(poolCaptions({ pooling: 'mean' }, features, mask).dataSync()).toBeAllClose([2, 3, 5, 6]);
});

it('weighs captions by attention, between them', () => {
  const [x = 0, y = 0, ...second] = poolCaptions({ pooling: 'attention' }, features, mask, params).dataSync();
  expect(x).toBeGreaterThan(1);
  expect(x).toBeLessThan(3);
  expect(y - x).toBeCloseTo(1, 5); // both captions lie on y = x + 1
  expect(second).toBeAllClose([5, 6]);
});

it('leaves a single caption, such as a query, as it is', () => {
  const single = poolCaptions({ pooling: 'attention' }, features, tf.ones([4, 1]), params);
  expect(single.dataSync()).toBeAllClose(features.dataSync(), 1e-4);
});

it('says that parameters are missing', () => {
  expect(() => poolCaptions({ pooling: 'attention' }, features, mask)).toThrow('caption attention are missing');
});

it('has the gradient that finite differences show', () => {
  const loss = (x: tf.Tensor2D, context: tf.Tensor1D): tf.Scalar =>
    tf.sum(tf.square(poolCaptions({ pooling: 'attention' }, x, mask, { ...params, context })));
  expect(loss).toHaveGradientAt([tf.div(features, 10), params.context]);
});

it('frees all but its result', () => {
  const before = tf.memory().numTensors;
  poolCaptions({ pooling: 'attention' }, features, mask, params).dispose();
  expect(tf.memory().numTensors).toBe(before);
});
