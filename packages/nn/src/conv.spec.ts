import { createRandom } from '@azclip/base';
import * as tf from '@tensorflow/tfjs';

import { conv2d, depthwiseConv2d, initFilter } from './conv.ts';
import { normalTensor } from './init.ts';

const ramp = (shape: [number, number, number, number]): tf.Tensor4D =>
  tf.tensor4d(
    Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i),
    shape,
  );

it('pads equally on both sides, also where the stride leaves the last column out', () => {
  const x = ramp([1, 1, 4, 1]); // 0 1 2 3
  const filter = tf.ones<tf.Rank.R4>([1, 3, 1, 1]);
  // padded 0 0 1 2 3 0: windows at 0 and 2 → 0+0+1, 1+2+3
  expect(conv2d({ filter }, x, { stride: 2 }).dataSync()).toBeAllClose([1, 6]);
  // no zeros: the one window 0 1 2
  expect(conv2d({ filter }, x, { stride: 2, padding: 0 }).dataSync()).toBeAllClose([3]);
  // one column of zeros right (and a row below, which the stride leaves out): 0 1 2, 2 3 0
  expect(conv2d({ filter }, x, { stride: 2, padding: [0, 1] }).dataSync()).toBeAllClose([3, 5]);
});

it('adds the bias of each channel', () => {
  const y = conv2d({ filter: tf.tensor4d([1, 2], [1, 1, 1, 2]), bias: tf.tensor1d([10, 20]) }, ramp([1, 1, 2, 1]));
  expect(y.dataSync()).toBeAllClose([10, 20, 11, 22]); // 0·1+10, 0·2+20, 1·1+10, 1·2+20
});

it('keeps channels apart when depthwise', () => {
  const x = tf.tensor4d([1, 10, 2, 20, 3, 30], [1, 1, 3, 2]);
  const y = depthwiseConv2d({ filter: tf.tensor4d([1, 0, 1, 0, 1, 1], [1, 3, 2, 1]) }, x); // sums · the right neighbour
  expect(y.dataSync()).toBeAllClose([3, 20, 6, 30, 5, 0]);
});

it('frees all but its result', () => {
  const x = ramp([1, 4, 4, 2]);
  const params = { filter: tf.ones<tf.Rank.R4>([3, 3, 2, 2]), bias: tf.zeros<tf.Rank.R1>([2]) };
  const before = tf.memory().numTensors;
  conv2d(params, x, { stride: 2 }).dispose();
  depthwiseConv2d({ ...params, filter: params.filter.slice([0, 0, 0, 0], [3, 3, 2, 1]) }, x).dispose();
  expect(tf.memory().numTensors).toBe(before + 1); // the slice
});

it.each(['dense', 'depthwise'])('has the gradient that finite differences show, %s', (kind) => {
  const random = createRandom(1);
  const x = normalTensor<tf.Rank.R4>([2, 5, 5, 2], 1, random);
  const filter = normalTensor<tf.Rank.R4>([3, 3, 2, kind === 'dense' ? 2 : 1], 1, random);
  const along = normalTensor<tf.Rank.R4>(filter.shape, 1, random);
  const convolve = kind === 'dense' ? conv2d : depthwiseConv2d;
  const loss = (f: tf.Tensor4D): tf.Scalar => tf.sum<tf.Scalar>(tf.square(convolve({ filter: f }, x, { stride: 2 })));
  const slope = tf.sum(tf.mul(tf.grad((f) => loss(f as tf.Tensor4D))(filter), along)).dataSync()[0] ?? NaN;
  const step = 1e-2; // the loss is quadratic: the central difference is exact
  const at = (t: number): number => loss(tf.add(filter, tf.mul(along, t))).dataSync()[0] ?? NaN;
  expect((at(step) - at(-step)) / (2 * step) / slope).toBeCloseTo(1, 2);
});

it('starts with the variance 2 / (height · width · out)', () => {
  const filter = initFilter([3, 3], 64, 32, createRandom(2));
  const { variance } = tf.moments(filter);
  expect((variance.dataSync()[0] ?? 0) / (2 / (9 * 32))).toBeCloseTo(1, 1);
});
