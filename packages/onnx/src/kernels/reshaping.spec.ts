import * as tf from '@tensorflow/tfjs';

import { bools, checkCase, floats, ints, type KernelCase } from './reference.spec.support.ts';

const moving: KernelCase[] = [
  { name: 'reshape', inputs: [floats(2, 6)], fn: (x) => tf.reshape(tf.reshape(x, [3, 4]), [-1, 2]) },
  { name: 'reshape to a scalar', inputs: [floats(1, 1)], fn: (x) => tf.reshape(x, []) },
  { name: 'reshape of nothing', inputs: [floats(0, 6)], fn: (x) => tf.reshape(x, [3, 0, 2]) },
  { name: 'expandDims', inputs: [floats(2, 3)], fn: (x) => tf.expandDims(x, 1) },
  { name: 'squeeze', inputs: [floats(2, 1, 3, 1)], fn: (x) => tf.squeeze(x) },
  { name: 'transpose', inputs: [floats(2, 3, 4)], fn: (x) => tf.transpose(x, [2, 0, 1]) },
  {
    name: 'transpose back and forth',
    inputs: [floats(2, 3, 4)],
    fn: (x) => tf.transpose(tf.transpose(x, [2, 0, 1]), [1, 2, 0]),
  },
  { name: 'transpose of axes of size 1', inputs: [floats(1, 3, 1)], fn: (x) => tf.transpose(x, [2, 1, 0]) },
  { name: 'transpose of integers', inputs: [ints(0, 9, 2, 3)], fn: (x) => tf.transpose(x) },
  { name: 'reverse', inputs: [floats(3, 4)], fn: (x) => tf.reverse(x, [0, 1]) },
  { name: 'tile', inputs: [floats(2, 3)], fn: (x) => tf.tile(x, [2, 3]) },
  { name: 'tile of an axis of size 1', inputs: [floats(2, 1)], fn: (x) => tf.tile(x, [1, 4]) },
  { name: 'broadcastTo', inputs: [floats(3, 1)], fn: (x) => tf.broadcastTo(x, [2, 3, 4]) },
];

const cutting: KernelCase[] = [
  { name: 'slice', inputs: [floats(3, 4)], fn: (x) => tf.slice(x, [1, 0], [2, -1]) },
  { name: 'slice of nothing', inputs: [floats(3, 4)], fn: (x) => tf.slice(x, [1, 0], [0, 2]) },
  { name: 'slice of integers', inputs: [ints(0, 9, 5)], fn: (x) => tf.slice(x, 1, 3) },
  {
    name: 'stridedSlice',
    inputs: [floats(5, 6)],
    fn: (x) => tf.stridedSlice(x, [1, 0], [5, 6], [2, 3]),
    gradient: false,
  },
  {
    name: 'stridedSlice backwards',
    inputs: [floats(5)],
    fn: (x) => tf.stridedSlice(x, [4], [0], [-2]),
    gradient: false,
  },
  {
    name: 'stridedSlice backwards to the first',
    inputs: [floats(5)],
    fn: (x) => tf.stridedSlice(x, [0], [0], [-1], 1, 1),
    gradient: false,
  },
  {
    name: 'stridedSlice that drops an axis',
    inputs: [floats(3, 4)],
    fn: (x) => tf.stridedSlice(x, [1, 0], [2, 3], [1, 1], 0, 0, 0, 0, 1),
    gradient: false,
  },
  { name: 'split', inputs: [floats(2, 6)], fn: (x) => tf.split(x, [1, 2, 3], 1) },
  { name: 'split into one', inputs: [floats(2, 6)], fn: (x) => tf.split(x, 1, 1), gradient: false },
  { name: 'unstack', inputs: [floats(3, 2)], fn: (x) => tf.unstack(x, 0) },
  { name: 'unstack of one', inputs: [floats(1, 2)], fn: (x) => tf.unstack(x, 0), gradient: false },
];

const joining: KernelCase[] = [
  { name: 'concat', inputs: [floats(2, 3), floats(2, 1)], fn: (...parts) => tf.concat(parts, 1) },
  { name: 'concat with nothing', inputs: [floats(2, 3), floats(0, 3)], fn: (...parts) => tf.concat(parts, 0) },
  { name: 'concat of bools', inputs: [bools(2), bools(3)], fn: (...parts) => tf.concat(parts) },
  { name: 'stack', inputs: [floats(2, 3), floats(2, 3)], fn: (...parts) => tf.stack(parts, -1) },
  { name: 'pad', inputs: [floats(2, 3)], fn: (x) => tf.pad(x, [[1, 0], [0, 2]], 0.5) }, // prettier-ignore
  { name: 'pad of nothing', inputs: [floats(0, 2)], fn: (x) => tf.pad(x, [[1, 1], [0, 0]], 3) }, // prettier-ignore
  { name: 'pad of integers', inputs: [ints(0, 9, 3)], fn: (x) => tf.pad(x, [[1, 1]], 7) },
  { name: 'reflecting pad', inputs: [floats(3, 4)], fn: (x) => tf.mirrorPad(x, [[1, 2], [0, 3]], 'reflect'), gradient: false }, // prettier-ignore
  { name: 'symmetric pad', inputs: [floats(3, 4)], fn: (x) => tf.mirrorPad(x, [[1, 2], [0, 3]], 'symmetric'), gradient: false }, // prettier-ignore
  {
    name: 'roll by slices',
    inputs: [floats(5, 2)],
    fn: (x) => tf.concat([tf.slice(x, [2, 0], [3, 2]), tf.slice(x, [0, 0], [2, 2])], 0),
  },
];

const blocks: KernelCase[] = [
  { name: 'spaceToBatch', inputs: [floats(1, 4, 4, 2)], fn: (x) => tf.spaceToBatchND(x, [2, 2], [[0, 0], [2, 0]]) }, // prettier-ignore
  { name: 'batchToSpace', inputs: [floats(4, 2, 2, 1)], fn: (x) => tf.batchToSpaceND(x, [2, 2], [[0, 1], [1, 0]]) }, // prettier-ignore
  {
    name: 'depthToSpace',
    inputs: [floats(1, 2, 3, 8)],
    fn: (x) => tf.depthToSpace(x as tf.Tensor4D, 2),
    gradient: false,
  },
];

it.each([...moving, ...cutting, ...joining, ...blocks])(
  '$name equals the CPU backend, forward and gradient',
  checkCase,
);
