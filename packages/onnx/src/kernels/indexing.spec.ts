import * as tf from '@tensorflow/tfjs';

import { checkCase, floats, ints, type CaseInput, type KernelCase } from './reference.spec.support.ts';

const repeated: CaseInput = { shape: [2, 3], dtype: 'int32', values: [4, 0, 4, 1, 4, 0] };

const cases: KernelCase[] = [
  {
    name: 'gather of rows, some twice',
    inputs: [floats(5, 3), repeated],
    fn: (x, ids) => tf.gather(x, ids),
  },
  {
    name: 'gather along an inner axis',
    inputs: [floats(2, 5, 3), ints(0, 4, 4)],
    fn: (x, ids) => tf.gather(x, ids, 1),
  },
  {
    name: 'gather of one',
    inputs: [floats(5, 3), { shape: [], dtype: 'int32', values: [2] }],
    fn: (x, id) => tf.gather(x, id),
  },
  {
    name: 'gather of nothing',
    inputs: [floats(5, 3), { shape: [0], dtype: 'int32' }],
    fn: (x, ids) => tf.gather(x, ids),
  },
  {
    name: 'gather of integers',
    inputs: [ints(0, 9, 5), repeated],
    fn: (x, ids) => tf.gather(x, ids),
  },
  {
    name: 'gather with a shared batch axis',
    inputs: [floats(2, 5, 3), ints(0, 4, 2, 4)],
    fn: (x, ids) => tf.gather(x, ids, 1, 1),
    gradient: false,
  },
  {
    name: 'gather with a shared batch axis, behind another',
    inputs: [floats(2, 3, 5, 2), ints(0, 4, 2, 4)],
    fn: (x, ids) => tf.gather(x, ids, 2, 1),
    gradient: false,
  },
  {
    name: 'gatherND',
    inputs: [floats(3, 4, 2), { shape: [2, 2], dtype: 'int32', values: [0, 3, 2, 1] }],
    fn: (x, ids) => tf.gatherND(x, ids),
    gradient: false,
  },
  {
    name: 'scatterND, one place twice',
    inputs: [{ shape: [3, 1], dtype: 'int32', values: [4, 0, 4] }, floats(3, 2)],
    fn: (ids, updates) => tf.scatterND(ids, updates, [5, 2]),
    gradient: false,
  },
  {
    name: 'tensorScatterUpdate',
    inputs: [floats(5, 2), { shape: [2, 1], dtype: 'int32', values: [4, 1] }, floats(2, 2)],
    fn: (x, ids, updates) => tf.tensorScatterUpdate(x, ids, updates),
    gradient: false,
  },
  {
    name: 'unsortedSegmentSum with a negative id',
    inputs: [floats(6, 2), { shape: [6], dtype: 'int32', values: [2, 0, 2, -1, 3, 1] }],
    fn: (x, ids) => tf.unsortedSegmentSum(x, ids as tf.Tensor1D, 4),
  },
  {
    name: 'unsortedSegmentSum with an id beyond the last',
    inputs: [floats(3, 2), { shape: [3], dtype: 'int32', values: [0, 9, 0] }],
    fn: (x, ids) => tf.unsortedSegmentSum(x, ids as tf.Tensor1D, 2),
    gradient: false, // the CPU backend refuses to gather row 9
  },
  { name: 'oneHot', inputs: [ints(0, 3, 2, 2)], fn: (ids) => tf.oneHot(ids, 4) },
  {
    name: 'oneHot with values, some ids outside',
    inputs: [ints(-1, 4, 5)],
    fn: (ids) => tf.oneHot(ids, 3, 0.9, 0.1, 'float32'),
  },
  { name: 'topk', inputs: [floats(3, 5)], fn: (x) => Object.values(tf.topk(x, 2)), gradient: false },
  {
    name: 'masked sum of chosen entries',
    inputs: [floats(3, 4), ints(0, 3, 3)],
    fn: (x, ids) => tf.sum(tf.mul(x, tf.oneHot(ids, 4)), 1),
  },
];

it.each(cases)('$name equals the CPU backend, forward and gradient', checkCase);
