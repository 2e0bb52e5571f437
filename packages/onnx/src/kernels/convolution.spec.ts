import * as tf from '@tensorflow/tfjs';

import { checkCase, floats, type KernelCase } from './reference.spec.support.ts';

interface Geometry {
  readonly described: string;
  readonly image: readonly [number, number, number, number];
  readonly filter: readonly [number, number, number, number];
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number | [[number, number], [number, number], [number, number], [number, number]];
  readonly dilations?: number;
  readonly rounding?: 'floor' | 'ceil';
}

const geometries: readonly Geometry[] = [
  { described: '3 × 3, same', image: [2, 5, 4, 3], filter: [3, 3, 3, 2], strides: 1, pad: 'same' },
  { described: '1 × 1', image: [2, 3, 4, 3], filter: [1, 1, 3, 2], strides: 1, pad: 'valid' },
  { described: '1 × 1 with stride 2', image: [2, 5, 4, 3], filter: [1, 1, 3, 2], strides: 2, pad: 'same' },
  {
    described: '3 × 3 with stride 2, same, odd size',
    image: [1, 7, 7, 2],
    filter: [3, 3, 2, 3],
    strides: 2,
    pad: 'same',
  },
  {
    described: '3 × 3 with stride 2, same, even size',
    image: [1, 8, 6, 2],
    filter: [3, 3, 2, 3],
    strides: 2,
    pad: 'same',
  },
  {
    described: '2 × 3 with unequal strides, valid',
    image: [2, 6, 8, 2],
    filter: [2, 3, 2, 2],
    strides: [1, 2],
    pad: 'valid',
  },
  { described: '3 × 3 with rows left over', image: [1, 6, 6, 2], filter: [3, 3, 2, 2], strides: 2, pad: 'valid' },
  { described: 'patches of 4 × 4', image: [2, 8, 8, 3], filter: [4, 4, 3, 5], strides: 4, pad: 'valid' },
  {
    described: 'padding by number, rounded down',
    image: [1, 6, 6, 2],
    filter: [3, 3, 2, 2],
    strides: 2,
    pad: 1,
    rounding: 'floor',
  },
  { described: 'padding by side', image: [1, 6, 6, 2], filter: [3, 3, 2, 2], strides: 2, pad: [[0, 0], [1, 0], [0, 1], [0, 0]] }, // prettier-ignore
  {
    described: 'more places than one product takes',
    image: [2, 33, 32, 1],
    filter: [3, 3, 1, 2],
    strides: 1,
    pad: 'same',
  },
  { described: 'channels in blocks', image: [2, 6, 5, 16], filter: [3, 3, 16, 32], strides: 1, pad: 'same' },
  { described: 'channels in blocks, stride 2', image: [2, 7, 6, 32], filter: [3, 3, 32, 16], strides: 2, pad: 'same' },
  { described: 'channels in blocks, valid', image: [1, 6, 7, 16], filter: [2, 3, 16, 16], strides: 1, pad: 'valid' },
  { described: 'one channel each', image: [1, 4, 4, 1], filter: [3, 3, 1, 1], strides: 1, pad: 'same' },
];

const cases: KernelCase[] = geometries.map(({ described, image, filter, strides, pad, rounding }) => ({
  name: described,
  inputs: [floats(...image), floats(...filter)],
  fn: (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad, 'NHWC', 1, rounding),
}));

const dilated: KernelCase[] = [
  {
    name: 'dilated filters (TF.js has no gradient for them)',
    inputs: [floats(1, 7, 7, 2), floats(3, 3, 2, 3)],
    fn: (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same', 'NHWC', 2),
    gradient: false,
  },
  {
    name: 'dilated filters, channels in blocks',
    inputs: [floats(1, 7, 7, 16), floats(3, 3, 16, 16)],
    fn: (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same', 'NHWC', 2),
    gradient: false,
  },
  {
    name: 'no images',
    inputs: [floats(0, 4, 4, 2), floats(3, 3, 2, 3)],
    fn: (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same'),
  },
  {
    name: 'transposed convolution',
    inputs: [floats(1, 3, 3, 2), floats(3, 3, 4, 2)],
    fn: (x, w) => tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, [1, 6, 6, 4], 2, 'same'),
  },
  {
    name: 'bias and relu6, fused',
    inputs: [floats(2, 5, 5, 3), floats(3, 3, 3, 4), floats(4)],
    fn: (x, filter, bias) =>
      tf.fused.conv2d({
        x: x as tf.Tensor4D,
        filter: filter as tf.Tensor4D,
        strides: 2,
        pad: 'same',
        bias: bias,
        activation: 'relu6',
      }),
  },
];

it.each([...cases, ...dilated])('convolution, $name, equals the CPU backend, forward and gradient', checkCase);
