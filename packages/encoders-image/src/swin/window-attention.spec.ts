import { createRandom } from '@azclip/base';
import * as tf from '@tensorflow/tfjs';

import { initWindowAttention, offsetIndices, strangerMask, windowAttention, windowOrder } from './window-attention.ts';

it('numbers the offsets of two cells by row and column', () => {
  // window 2: offsets −1, 0, 1 become 0, 1, 2; cells are upper left, upper right, lower left, lower right
  const from = (cell: number) => Array.from(offsetIndices(2).subarray(cell * 4, cell * 4 + 4));
  expect(from(0)).toEqual([4, 3, 1, 0]); // to itself (0, 0), to the right (0, −1), below (−1, 0), aslant (−1, −1)
  expect(from(3)).toEqual([8, 7, 5, 4]);
});

it('reads a map window by window, beginning at the shift', () => {
  // side 4, windows of 2; cells are 0 1 2 3 / 4 5 6 7 / 8 9 10 11 / 12 13 14 15
  const order = (shift: number): number[] => Array.from(windowOrder({ window: 2, shift, side: 4 }));
  expect(order(0)).toEqual([0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15]);
  expect(order(1)).toEqual([5, 6, 9, 10, 7, 4, 11, 8, 13, 14, 1, 2, 15, 12, 3, 0]);
});

it('keeps cells apart that meet over the edge', () => {
  // side 4, windows of 2, shifted by 1: the last window holds the four corners, of which none are neighbours
  const mask = strangerMask(2, 1, 4);
  expect(Array.from(mask.subarray(0, 16))).toEqual(Array(16).fill(0)); // the first window lies whole on the map
  const corners = Array.from(mask.subarray(48, 64), (value) => value === 0);
  expect(corners).toEqual([0, 1, 2, 3].flatMap((from) => [0, 1, 2, 3].map((to) => from === to)));
});

it.each([0, 1])('sees its own window alone, shifted by %i', (shift) => {
  const params = initWindowAttention(4, { window: 2, heads: 2 }, createRandom(1));
  const x = tf.randomNormal<tf.Rank.R4>([1, 4, 4, 4], 0, 1, 'float32', 5);
  const changed = tf.add<tf.Tensor4D>(x, tf.pad(tf.ones([1, 1, 1, 4]), [[0, 0], [1, 2], [1, 2], [0, 0]])); // prettier-ignore
  const attend = (map: tf.Tensor4D) => windowAttention(params, map, { window: 2, shift, heads: 2 });
  const moved = tf.sub(attend(changed), attend(x)).abs().max(3).arraySync() as number[][][];
  const touched = moved[0]?.flatMap((row, i) => row.flatMap((value, j) => (value > 1e-6 ? [[i, j]] : [])));
  const first = shift; // the window that holds cell (1, 1) starts at row and column 0, or 1 when shifted
  expect(touched).toEqual([[first, first], [first, first + 1], [first + 1, first], [first + 1, first + 1]]); // prettier-ignore
});

it('has the gradient of its finite differences', () => {
  const params = initWindowAttention(4, { window: 2, heads: 2 }, createRandom(1));
  const x = tf.randomNormal<tf.Rank.R4>([1, 4, 4, 4], 0, 1, 'float32', 5);
  const weights = tf.randomNormal([1, 4, 4, 4], 0, 1, 'float32', 6);
  const attend = (map: tf.Tensor): tf.Tensor =>
    windowAttention(params, map as tf.Tensor4D, { window: 2, shift: 1, heads: 2 });
  const f = (map: tf.Tensor): tf.Scalar => tf.sum(tf.mul(attend(map), weights));
  const direction = tf.randomNormal<tf.Rank.R4>([1, 4, 4, 4], 0, 1, 'float32', 7);
  const along = (step: number): number => f(tf.add(x, tf.mul(direction, step))).arraySync();
  const slope = tf.sum(tf.mul(tf.grad(f)(x), direction)).arraySync() as number;
  expect((along(0.01) - along(-0.01)) / 0.02).toBeCloseTo(slope, 2);
});
