import * as tf from '@tensorflow/tfjs';

import { checkCase, floats, ints, type KernelCase } from './reference.spec.support.ts';

const product =
  (transposeA = false, transposeB = false): KernelCase['fn'] =>
  (a, b) =>
    tf.matMul(a, b, transposeA, transposeB);

const cases: KernelCase[] = [
  { name: 'matrices', inputs: [floats(3, 4), floats(4, 2)], fn: product() },
  { name: 'the left transposed', inputs: [floats(4, 3), floats(4, 2)], fn: product(true) },
  { name: 'the right transposed', inputs: [floats(3, 4), floats(2, 4)], fn: product(false, true) },
  { name: 'both transposed', inputs: [floats(4, 3), floats(2, 4)], fn: product(true, true) },
  { name: 'a batch', inputs: [floats(2, 3, 4), floats(2, 4, 2)], fn: product() },
  { name: 'heads, the right transposed', inputs: [floats(2, 3, 5, 4), floats(2, 3, 6, 4)], fn: product(false, true) },
  { name: 'a batch of one', inputs: [floats(1, 3, 4), floats(1, 2, 4)], fn: product(false, true) },
  { name: 'a batch with one matrix', inputs: [floats(3, 2, 4), floats(1, 4, 2)], fn: product(), gradient: false },
  { name: 'a row and a column', inputs: [floats(1, 4), floats(4, 1)], fn: product() },
  { name: 'no rows', inputs: [floats(0, 4), floats(4, 2)], fn: product() },
  { name: 'no inner axis', inputs: [floats(3, 0), floats(0, 2)], fn: product() },
  { name: 'integers', inputs: [ints(-3, 3, 2, 3), ints(-3, 3, 3, 2)], fn: product() },
  {
    name: 'bias and relu, fused',
    inputs: [floats(3, 4), floats(4, 2), floats(2)],
    fn: (a, b, bias) => tf.fused.matMul({ a: a, b: b, bias: bias, activation: 'relu' }),
  },
  {
    name: 'sigmoid, fused',
    inputs: [floats(3, 4), floats(4, 2)],
    fn: (a, b) => tf.fused.matMul({ a: a, b: b, activation: 'sigmoid' }),
    gradient: false,
  },
  { name: 'dot of vectors', inputs: [floats(4), floats(4)], fn: (a, b) => tf.dot(a, b) },
  {
    name: 'outer product',
    inputs: [floats(3), floats(2)],
    fn: (a, b) => tf.outerProduct(a as tf.Tensor1D, b as tf.Tensor1D),
  },
  {
    name: 'einsum',
    inputs: [floats(2, 3, 4), floats(4, 5)],
    fn: (a, b) => tf.einsum('bij,jk->bik', a, b),
    gradient: false,
  },
];

it.each(cases)('product of $name equals the CPU backend, forward and gradient', checkCase);
