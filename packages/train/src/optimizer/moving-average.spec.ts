import * as tf from '@tensorflow/tfjs';

import { averageDecay, movingAverage } from './moving-average.ts';

it('keeps its share of itself and takes the rest of the parameters', () => {
  const next = movingAverage({ w: tf.tensor1d([1, 0]) }, { w: tf.tensor1d([2, 4]) }, 0.75);
  expect(next['w']?.dataSync()).toBeAllClose([1.25, 1]);
  expect(movingAverage(next, { w: tf.zeros([2]) }, 0.5)['w']?.dataSync()).toBeAllClose([0.625, 0.5]);
});

it('forgets fast at the start and slowly later', () => {
  expect(averageDecay(1, 0.999)).toBeCloseTo(0.1);
  expect(averageDecay(100_000, 0.999)).toBe(0.999);
});

it('names a parameter that is missing and leaves nothing behind', () => {
  const params = { w: tf.zeros([2]) };
  expect(() => movingAverage(params, {}, 0.9)).toThrow('movingAverage: "w" is missing');
  const before = tf.memory().numTensors;
  tf.dispose(movingAverage(params, params, 0.9));
  expect(tf.memory().numTensors).toBe(before);
});
