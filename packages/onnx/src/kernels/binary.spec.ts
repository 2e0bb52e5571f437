import * as tf from '@tensorflow/tfjs';

import { bools, checkCase, floats, ints, type CaseInput, type KernelCase } from './reference.spec.support.ts';

const operations: Record<string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor> = {
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: tf.div,
  maximum: tf.maximum,
  minimum: tf.minimum,
  squaredDifference: tf.squaredDifference,
  mod: tf.mod,
  floorDiv: tf.floorDiv,
  equal: tf.equal,
  notEqual: tf.notEqual,
  greater: tf.greater,
  greaterEqual: tf.greaterEqual,
  less: tf.less,
  lessEqual: tf.lessEqual,
};

const shapes: readonly (readonly [string, readonly number[], readonly number[]])[] = [
  ['equal shapes', [2, 3], [2, 3]],
  ['a row', [2, 3], [3]],
  ['a column and a row', [2, 1], [1, 3]],
  ['a scalar', [], [2, 3]],
  ['a higher rank', [3, 1], [2, 1, 4]],
  ['nothing', [0, 3], [0, 3]],
  ['nothing and a row', [0, 3], [1, 3]],
];

/** What TF.js 4.22 itself cannot differentiate: these operations under broadcasting, and broadcasting to no entries. */
const withoutBroadcastGradient = new Set(['maximum', 'minimum', 'squaredDifference']);
const isDifferentiable = (name: string, a: readonly number[], b: readonly number[]): boolean =>
  a.join() === b.join() || !(withoutBroadcastGradient.has(name) || a.includes(0));

const broadcastCases: KernelCase[] = Object.entries(operations).flatMap(([name, fn]) =>
  shapes.map(([described, a, b]) => ({
    name: `${name} with ${described}`,
    inputs: [{ shape: a }, { shape: b, low: 0.5, high: 3 }],
    fn: fn,
    gradient: isDifferentiable(name, a, b),
  })),
);

const integer = (low: number, high: number): CaseInput => ints(low, high, 11);
const whole: KernelCase[] = [
  'add',
  'sub',
  'mul',
  'maximum',
  'minimum',
  'equal',
  'less',
  'greaterEqual',
  'floorDiv',
  'mod',
].map((name) => ({
  name: `${name} of integers`,
  inputs: [integer(-9, 9), { ...integer(-4, 4), values: [1, -1, 2, -2, 3, -3, 4, -4, 5, 2, -3] }],
  fn: operations[name] as KernelCase['fn'],
}));

const others: KernelCase[] = [
  {
    name: 'pow',
    inputs: [{ shape: [3, 2], low: 0.2, high: 3 }, floats(2)],
    fn: (a, b) => tf.pow(a, b),
  },
  { name: 'pow of a scalar exponent', inputs: [floats(4)], fn: (a) => tf.pow(a, 2) },
  {
    name: 'pow of integers',
    inputs: [ints(-3, 3, 4), ints(0, 3, 4)],
    fn: (a, b) => tf.pow(a, b),
  },
  { name: 'atan2', inputs: [floats(9), floats(9)], fn: (a, b) => tf.atan2(a, b) },
  {
    name: 'atan2 on the axes',
    inputs: [
      { shape: [6], values: [0, 0, 1, -1, 0, 2] },
      { shape: [6], values: [1, -1, 0, 0, 0, -2] },
    ],
    fn: (a, b) => tf.atan2(a, b),
    gradient: false,
  },
  { name: 'addN', inputs: [floats(2, 3), floats(2, 3), floats(2, 3)], fn: (...terms) => tf.addN(terms) },
  { name: 'addN of one', inputs: [floats(2, 3)], fn: (...terms) => tf.addN(terms) },
  { name: 'and', inputs: [bools(5), bools(1)], fn: (a, b) => tf.logicalAnd(a, b) },
  { name: 'or', inputs: [bools(5), bools(5)], fn: (a, b) => tf.logicalOr(a, b) },
  { name: 'xor', inputs: [bools(5), bools(5)], fn: (a, b) => tf.logicalXor(a, b) },
  { name: 'equality of bools', inputs: [bools(5), bools(5)], fn: (a, b) => tf.equal(a, b) },
  {
    name: 'where',
    inputs: [bools(2, 3), floats(2, 3), floats(2, 3)],
    fn: (c, a, b) => tf.where(c, a, b),
  },
  {
    name: 'where with broadcasting',
    inputs: [bools(2, 1), floats(1, 3), floats()],
    fn: (c, a, b) => tf.where(c, a, b),
  },
  {
    name: 'where of integers',
    inputs: [bools(4), ints(0, 9, 4), ints(0, 9, 4)],
    fn: (c, a, b) => tf.where(c, a, b),
  },
  {
    name: 'where of nothing',
    inputs: [bools(0, 2), floats(0, 2), floats(0, 2)],
    fn: (c, a, b) => tf.where(c, a, b),
  },
  {
    name: 'arithmetic with neutral constants',
    inputs: [floats(2, 2)],
    fn: (x) => tf.div(tf.add(tf.mul(tf.sub(x, 0), 1), tf.zeros([2, 2])), tf.ones([1, 2])),
  },
];

it.each([...broadcastCases, ...whole, ...others])('$name equals the CPU backend, forward and gradient', checkCase);
