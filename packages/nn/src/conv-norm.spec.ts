import { createRandom } from '@azclip/base';
import * as tf from '@tensorflow/tfjs';

import { batchNorm } from './batch-norm.ts';
import { conv2d, depthwiseConv2d } from './conv.ts';
import { convNorm, initConvNorm } from './conv-norm.ts';
import { normalTensor } from './init.ts';
import { evaluation, type Mode } from './mode.ts';

const random = createRandom(4);
const x = normalTensor<tf.Rank.R4>([2, 4, 4, 3], 1, random);
const training: Mode = { training: true, keepMask: (shape) => tf.ones([...shape]), updateBuffer: () => undefined };

const statistics = (channels: number) => ({
  scale: normalTensor<tf.Rank.R1>([channels], 1, random),
  bias: normalTensor<tf.Rank.R1>([channels], 1, random),
  runningMean: normalTensor<tf.Rank.R1>([channels], 1, random),
  runningVar: tf.add<tf.Tensor1D>(tf.square(normalTensor([channels], 1, random)), 0.5),
});

it.each([
  { depthwise: false, channels: [3, 5] as const, convolve: conv2d },
  { depthwise: true, channels: [3, 1] as const, convolve: depthwiseConv2d },
])('equals the convolution and the norm one after the other, depthwise $depthwise', (each) => {
  const { depthwise, channels, convolve } = each;
  const params = { ...initConvNorm(3, channels, random, { depthwise }), norm: statistics(depthwise ? 3 : channels[1]) };
  const options = { depthwise, stride: 2, epsilon: 1e-3 };
  for (const mode of [evaluation, training]) {
    const apart = batchNorm(params.norm, convolve({ filter: params.filter }, x, { stride: 2 }), mode, options);
    expect(convNorm(params, x, mode, options).dataSync()).toBeAllClose(apart.dataSync(), 1e-5);
  }
});

it('starts with one statistic a channel', () => {
  expect(initConvNorm(3, [6, 1], random, { depthwise: true }).norm.scale.shape).toEqual([6]);
  expect(initConvNorm(3, [6, 2], random).norm.scale.shape).toEqual([2]);
});
