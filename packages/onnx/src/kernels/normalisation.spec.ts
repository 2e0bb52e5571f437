import * as tf from '@tensorflow/tfjs';

import { checkCase, floats, type KernelCase } from './reference.spec.support.ts';

const positive = (...shape: number[]) => ({ shape, low: 0.3, high: 2 });

const cases: KernelCase[] = [
  { name: 'softmax', inputs: [floats(2, 3, 4)], fn: (x) => tf.softmax(x) },
  { name: 'softmax of one class', inputs: [floats(3, 1)], fn: (x) => tf.softmax(x) },
  { name: 'softmax of no rows', inputs: [floats(0, 3)], fn: (x) => tf.softmax(x) },
  { name: 'softmax of large logits', inputs: [{ shape: [2, 3], low: -1000, high: 1000 }], fn: (x) => tf.softmax(x) },
  { name: 'log softmax', inputs: [floats(2, 5)], fn: (x) => tf.logSoftmax(x) },
  {
    name: 'softmax cross entropy',
    inputs: [floats(3, 4)],
    fn: (x) => tf.losses.softmaxCrossEntropy(tf.oneHot(tf.tensor1d([0, 2, 1], 'int32'), 4), x),
  },
  {
    name: 'batch norm of images',
    inputs: [floats(2, 3, 2, 4), floats(4), positive(4), floats(4), positive(4)],
    fn: (...inputs) => {
      const [x, mean, variance, offset, scale] = inputs as [tf.Tensor4D, ...tf.Tensor1D[]];
      return tf.batchNorm(x, mean as tf.Tensor1D, variance as tf.Tensor1D, offset, scale, 1e-3);
    },
  },
  {
    name: 'batch norm without scale and offset',
    inputs: [floats(2, 3, 2, 4), floats(4), positive(4)],
    fn: (x, mean, variance) => tf.batchNorm(x as tf.Tensor4D, mean as tf.Tensor1D, variance as tf.Tensor1D),
    gradient: false, // TF.js 4.22 cannot
  },
  {
    name: 'batch norm of rows',
    inputs: [floats(5, 4), floats(4), positive(4), floats(4), positive(4)],
    fn: (...inputs) => {
      const [x, mean, variance, offset, scale] = inputs as [tf.Tensor2D, ...tf.Tensor1D[]];
      return tf.batchNorm(x, mean as tf.Tensor1D, variance as tf.Tensor1D, offset, scale);
    },
  },
  {
    name: 'layer norm',
    inputs: [floats(2, 3, 4), floats(4), floats(4)],
    fn: (...inputs) => {
      const [x, scale, bias] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor];
      const centred = tf.sub(x, tf.mean(x, -1, true));
      const variance = tf.mean(tf.square(centred), -1, true);
      return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, 1e-5))), scale), bias);
    },
  },
];

it.each(cases)('$name equals the CPU backend, forward and gradient', checkCase);
