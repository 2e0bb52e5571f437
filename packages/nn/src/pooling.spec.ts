import * as tf from '@tensorflow/tfjs';

import { globalAveragePool, gridAveragePool } from './pooling.ts';

const map = (side: number): tf.Tensor4D => tf.reshape(tf.range(0, side * side), [1, side, side, 1]);

it('averages the whole map, channel by channel', () => {
  const x = tf.tensor4d([1, 10, 2, 20, 3, 30, 6, 60], [1, 2, 2, 2]);
  expect(globalAveragePool(x).dataSync()).toBeAllClose([3, 30]);
});

it('averages quarters', () => {
  // rows 0..3, columns 0..3 of 4·row + column: the upper left quarter is 0 1 4 5
  expect(gridAveragePool(map(4), 2).dataSync()).toBeAllClose([2.5, 4.5, 10.5, 12.5]);
});

it('lets windows overlap where the grid does not divide the side', () => {
  const y = gridAveragePool(map(7), 3); // stride 2, windows of 3: means are the centres of the windows
  expect(y.shape).toEqual([1, 3, 3, 1]);
  expect(y.dataSync()).toBeAllClose([8, 10, 12, 22, 24, 26, 36, 38, 40]);
});

it('keeps a map of the grid as it is, and refuses a smaller one', () => {
  expect(gridAveragePool(map(3), 3).dataSync()).toBeAllClose(map(3).dataSync());
  expect(() => gridAveragePool(map(2), 3)).toThrow('at least 3 cells a side, got [1, 2, 2, 1]');
});
