import * as tf from '@tensorflow/tfjs';

import { checkCase, floats, type KernelCase } from './reference.spec.support.ts';

const depthwise =
  (strides: number | [number, number], pad: 'same' | 'valid', dilations?: number): KernelCase['fn'] =>
  (x, filter) =>
    tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad, 'NHWC', dilations);

const cases: KernelCase[] = [
  { name: '3 × 3, same', inputs: [floats(2, 5, 4, 3), floats(3, 3, 3, 1)], fn: depthwise(1, 'same') },
  { name: 'two filters a channel', inputs: [floats(2, 5, 4, 3), floats(3, 3, 3, 2)], fn: depthwise(1, 'valid') },
  { name: 'stride 2', inputs: [floats(1, 7, 6, 2), floats(3, 3, 2, 1)], fn: depthwise(2, 'same') },
  { name: 'rows left over', inputs: [floats(1, 6, 6, 2), floats(3, 3, 2, 1)], fn: depthwise(2, 'valid') },
  { name: '7 × 7', inputs: [floats(2, 8, 8, 2), floats(7, 7, 2, 1)], fn: depthwise(1, 'same') },
  { name: 'one channel', inputs: [floats(1, 4, 4, 1), floats(3, 3, 1, 1)], fn: depthwise(1, 'same') },
  { name: 'no images', inputs: [floats(0, 4, 4, 2), floats(3, 3, 2, 1)], fn: depthwise(1, 'same') },
  {
    name: 'dilated (the CPU backend has no gradient for it)',
    inputs: [floats(1, 7, 7, 2), floats(3, 3, 2, 1)],
    fn: depthwise(1, 'same', 2),
    gradient: false,
  },
  {
    name: 'bias and relu, fused',
    inputs: [floats(1, 5, 5, 3), floats(3, 3, 3, 1), floats(3)],
    fn: (x, filter, bias) =>
      tf.fused.depthwiseConv2d({
        x: x as tf.Tensor4D,
        filter: filter as tf.Tensor4D,
        strides: 1,
        pad: 'same',
        bias: bias,
        activation: 'relu',
      }),
  },
];

it.each(cases)('depthwise convolution, $name, equals the CPU backend, forward and gradient', checkCase);
