import * as tf from '@tensorflow/tfjs';

import { bools, checkCase, floats, ints, type CaseInput, type KernelCase } from './reference.spec.support.ts';

const within = (low: number, high: number): CaseInput => ({ shape: [3, 1, 4], low, high });

const anywhere: Record<string, (x: tf.Tensor) => tf.Tensor> = {
  abs: tf.abs,
  atan: tf.atan,
  asinh: tf.asinh,
  cos: tf.cos,
  cosh: tf.cosh,
  elu: tf.elu,
  erf: tf.erf,
  exp: tf.exp,
  expm1: tf.expm1,
  floor: tf.floor,
  ceil: tf.ceil,
  round: tf.round,
  isFinite: tf.isFinite,
  isNaN: tf.isNaN,
  isInf: tf.isInf,
  neg: tf.neg,
  reciprocal: tf.reciprocal,
  relu: tf.relu,
  selu: tf.selu,
  sigmoid: tf.sigmoid,
  sign: tf.sign,
  sin: tf.sin,
  sinh: tf.sinh,
  softplus: tf.softplus,
  square: tf.square,
  tanh: tf.tanh,
  zerosLike: tf.zerosLike,
  onesLike: tf.onesLike,
  step: (x) => tf.step(x, 0.5),
  leakyRelu: (x) => tf.leakyRelu(x, 0.3),
  clip: (x) => tf.clipByValue(x, -0.5, 0.75),
  relu6: (x) => tf.relu6(tf.mul(x, 4)),
  prelu: (x) => tf.prelu(x, tf.tensor1d([0.1, 0.2, 0.3, 0.4])),
  'cast to int32': (x) => tf.cast(x, 'int32'),
  'cast to bool': (x) => tf.cast(x, 'bool'),
  'cast to its own type': (x) => tf.cast(x, 'float32'),
};

const inDomain: Record<string, readonly [(x: tf.Tensor) => tf.Tensor, CaseInput]> = {
  acos: [tf.acos, within(-0.9, 0.9)],
  asin: [tf.asin, within(-0.9, 0.9)],
  atanh: [tf.atanh, within(-0.9, 0.9)],
  acosh: [tf.acosh, within(1.1, 3)],
  log: [tf.log, within(0.1, 3)],
  log1p: [tf.log1p, within(-0.5, 3)],
  rsqrt: [tf.rsqrt, within(0.1, 3)],
  sqrt: [tf.sqrt, within(0.1, 3)],
  tan: [tf.tan, within(-1, 1)],
};

const integerCases: KernelCase[] = [
  { name: 'abs of integers', inputs: [ints(-5, 5, 7)], fn: tf.abs },
  { name: 'neg of integers', inputs: [ints(-5, 5, 7)], fn: tf.neg },
  { name: 'square of integers', inputs: [ints(-5, 5, 7)], fn: tf.square },
  { name: 'clip of integers', inputs: [ints(-5, 5, 7)], fn: (x) => tf.clipByValue(x, -2, 3) },
  { name: 'integers to floats', inputs: [ints(-5, 5, 7)], fn: (x) => tf.cast(x, 'float32') },
  { name: 'integers to bools', inputs: [ints(-1, 1, 7)], fn: (x) => tf.cast(x, 'bool') },
  { name: 'bools to floats', inputs: [bools(7)], fn: (x) => tf.cast(x, 'float32') },
  { name: 'bools to integers', inputs: [bools(7)], fn: (x) => tf.cast(x, 'int32') },
  { name: 'not of bools', inputs: [bools(7)], fn: (x) => tf.logicalNot(x) },
];

const specialCases: KernelCase[] = [
  {
    name: 'isFinite of special values',
    inputs: [{ shape: [4], values: [NaN, Infinity, -Infinity, 1] }],
    fn: (x) => [tf.isFinite(x), tf.isInf(x), tf.isNaN(x)],
  },
  {
    name: 'round to the even of halves',
    inputs: [{ shape: [6], values: [0.5, 1.5, 2.5, -0.5, -1.5, 0.4999] }],
    fn: tf.round,
  },
  {
    name: 'step of zero',
    inputs: [{ shape: [3], values: [0, 1, -0] }],
    fn: (x) => tf.step(x),
    gradient: false,
  },
  { name: 'exp of a scalar', inputs: [floats()], fn: tf.exp },
  { name: 'exp of nothing', inputs: [floats(2, 0, 3)], fn: tf.exp },
  { name: 'relu of nothing', inputs: [floats(0)], fn: tf.relu },
];

const cases: KernelCase[] = [
  ...Object.entries(anywhere).map(([name, fn]) => ({ name, inputs: [floats(3, 1, 4)], fn: fn })),
  ...Object.entries(inDomain).map(([name, [fn, input]]) => ({ name, inputs: [input], fn: fn })),
  ...integerCases,
  ...specialCases,
];

it.each(cases)('$name equals the CPU backend, forward and gradient', checkCase);
