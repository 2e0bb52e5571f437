import * as tf from '@tensorflow/tfjs';

import { bools, checkCase, floats, ints, type KernelCase } from './reference.spec.support.ts';

type Reduce = (x: tf.Tensor, axis?: number | number[], keepDims?: boolean) => tf.Tensor;
const reductions: Record<string, Reduce> = { sum: tf.sum, mean: tf.mean, max: tf.max, min: tf.min, prod: tf.prod };

const axes: readonly (readonly [string, number[] | undefined, boolean])[] = [
  ['every axis', undefined, false],
  ['the last axis, kept', [-1], true],
  ['the outer axes', [0, 1], false],
  ['an axis of size 1', [1], false],
];

const reductionCases: KernelCase[] = Object.entries(reductions).flatMap(([name, fn]) =>
  axes.map(([described, axis, keepDims]) => ({
    name: `${name} over ${described}`,
    inputs: [floats(3, 1, 4)],
    fn: (x: tf.Tensor) => fn(x, axis, keepDims),
    // TF.js 4.22 differentiates prod over one axis only, counted from the front
    gradient: name !== 'prod' || axis?.join() === '1',
  })),
);

const emptyCases: KernelCase[] = [
  { name: 'sum over no entries', inputs: [floats(2, 0)], fn: (x) => tf.sum(x, 1) },
  { name: 'prod over no entries', inputs: [floats(2, 0)], fn: (x) => tf.prod(x, 1), gradient: false },
  { name: 'max beside an empty axis', inputs: [floats(0, 3)], fn: (x) => tf.max(x, 1), gradient: false },
  { name: 'mean of a scalar', inputs: [floats()], fn: (x) => tf.mean(x) },
];

const otherCases: KernelCase[] = [
  { name: 'sum of integers', inputs: [ints(-5, 5, 2, 3)], fn: (x) => tf.sum(x, 1) },
  { name: 'sum of bools', inputs: [bools(2, 3)], fn: (x) => tf.sum(x, 1) },
  { name: 'max of integers', inputs: [ints(-5, 5, 2, 3)], fn: (x) => tf.max(x, 0) },
  { name: 'mean of integers', inputs: [ints(-5, 5, 2, 3)], fn: (x) => tf.mean(x, 0) },
  { name: 'gradient of max with ties', inputs: [{ shape: [4], values: [1, 3, 3, 2] }], fn: (x) => tf.max(x) },
  { name: 'all', inputs: [bools(3, 2)], fn: (x) => tf.all(x, 1) },
  { name: 'any', inputs: [bools(3, 2)], fn: (x) => tf.any(x, 0, true) },
  { name: 'argMax', inputs: [floats(3, 4)], fn: (x) => tf.argMax(x, 1), gradient: false },
  {
    name: 'argMax takes the first of equals',
    inputs: [{ shape: [4], values: [1, 3, 3, 2] }],
    fn: (x) => tf.argMax(x),
    gradient: false,
  },
  { name: 'argMin of integers', inputs: [ints(-5, 5, 3, 4)], fn: (x) => tf.argMin(x, 0) },
  { name: 'cumsum', inputs: [floats(3, 4)], fn: (x) => tf.cumsum(x, 1) },
  { name: 'cumsum, exclusive and reversed', inputs: [floats(3, 4)], fn: (x) => tf.cumsum(x, 1, true, true) },
  { name: 'cumsum along the first axis', inputs: [floats(3, 4)], fn: (x) => tf.cumsum(x, 0), gradient: false },
  { name: 'cumsum of integers', inputs: [ints(-5, 5, 5)], fn: (x) => tf.cumsum(x) },
  { name: 'cumprod', inputs: [floats(3, 4)], fn: (x) => tf.cumprod(x, 1), gradient: false },
  {
    name: 'cumprod, exclusive and reversed',
    inputs: [floats(3, 4)],
    fn: (x) => tf.cumprod(x, 0, true, true),
    gradient: false,
  },
  { name: 'logSumExp', inputs: [floats(3, 4)], fn: (x) => tf.logSumExp(x, 1) },
  { name: 'moments', inputs: [floats(3, 4)], fn: (x) => Object.values(tf.moments(x, 0)) },
];

it.each([...reductionCases, ...emptyCases, ...otherCases])(
  '$name equals the CPU backend, forward and gradient',
  checkCase,
);
