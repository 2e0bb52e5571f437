import { backend_util, slice_util, util } from '@tensorflow/tfjs';
import type * as tf from '@tensorflow/tfjs';

import { sizeOf } from '../graph/constants.ts';
import type { Shape, Value } from '../graph/graph.ts';
import {
  concat,
  expand,
  pad,
  reshape,
  reverse,
  slice,
  split,
  stridedSlice,
  tile,
  transpose,
} from '../operators/shape.ts';
import { axesOf, axisOf } from './axes.ts';
import { kernel, type KernelEntry } from './kernel.ts';

/** A new axis of size 1 at `axis`. */
function expandDims(x: Value, axis: number): Value {
  const at = axis < 0 ? axis + x.shape.length + 1 : axis;
  return reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
}

/** What TF.js's helpers read of a tensor: its shape. */
const shapeOnly = ({ shape }: Value): tf.Tensor => ({ shape: [...shape] }) as unknown as tf.Tensor;

function slicePart(x: Value, { begin, size }: tf.SliceAttrs): Value {
  const [starts = [], sizes = []] = slice_util.parseSliceParams(shapeOnly(x), begin, size);
  return slice(x, starts, sizes);
}

function stridedSlicePart(x: Value, attributes: tf.StridedSliceAttrs): Value {
  const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attributes;
  const info = slice_util.sliceInfo(
    [...x.shape], begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask,
  ); // prettier-ignore
  const axes = info.begin.map((_, axis) => axis);
  if (sizeOf(info.finalShape) === 0)
    return reshape(
      slice(
        x,
        axes.map(() => 0),
        info.finalShapeSparse,
      ),
      info.finalShape,
    );
  const parts = slice_util.computeOutShape(info.begin, info.end, info.strides);
  const part = stridedSlice(reshape(x, x.shape), axes, { ...info, step: info.strides, end: onnxEnds(info) }, parts);
  return reshape(part, info.finalShape);
}

/** Ends of slices; one that runs backwards past index 0 ends, in ONNX, below every index counted from the end. */
const onnxEnds = ({ end, strides }: { readonly end: number[]; readonly strides: number[] }): readonly number[] =>
  end.map((last, axis) => ((strides[axis] ?? 1) < 0 && last < 0 ? -(2 ** 31) : last));

/** Stacks values of one shape along a new axis. */
function pack(parts: readonly Value[], axis: number): Value {
  return concat(
    parts.map((part) => expandDims(part, axis)),
    axis < 0 ? axis + (parts[0]?.shape.length ?? 0) + 1 : axis,
  );
}

/** The slices along `axis`, which goes. */
function unpack(x: Value, axis: number): readonly Value[] {
  const at = axisOf(x, axis);
  const shape = x.shape.filter((_, i) => i !== at);
  return split(
    x,
    Array.from({ length: x.shape[at] ?? 0 }, () => 1),
    at,
  ).map((part) => reshape(part, shape));
}

/** Mirrors edges: 'symmetric' repeats the edge itself, which ONNX has not, so it is joined of slices, axis by axis. */
function mirrorPad(x: Value, paddings: readonly (readonly [number, number])[], mode: 'reflect' | 'symmetric'): Value {
  if (mode === 'reflect') return pad(x, paddings, { mode });
  return paddings.reduce((padded, [before, after], axis) => {
    const size = padded.shape[axis] ?? 0;
    const part = (begin: number, length: number): Value => {
      const starts = padded.shape.map((_, i) => (i === axis ? begin : 0));
      const sizes: Shape = padded.shape.map((full, i) => (i === axis ? length : full));
      return reverse(slice(padded, starts, sizes), [axis]);
    };
    return concat([part(0, before), padded, part(size - after, after)], axis);
  }, x);
}

function spaceToBatch(x: Value, { blockShape, paddings }: tf.SpaceToBatchNDAttrs): Value {
  const product = util.sizeFromShape(blockShape);
  const complete = [[0, 0], ...paddings, ...x.shape.slice(blockShape.length + 1).map(() => [0, 0])];
  const padded = pad(x, complete as [number, number][]);
  const shape = [...padded.shape];
  const split = backend_util.getReshaped(shape, blockShape, product, false);
  const order = backend_util.getPermuted(split.length, blockShape.length, false);
  return reshape(
    transpose(reshape(padded, split), order),
    backend_util.getReshapedPermuted(shape, blockShape, product, false),
  );
}

function batchToSpace(x: Value, { blockShape, crops }: tf.BatchToSpaceNDAttrs): Value {
  const product = util.sizeFromShape(blockShape);
  const shape = [...x.shape];
  const split = backend_util.getReshaped(shape, blockShape, product);
  const order = backend_util.getPermuted(split.length, blockShape.length);
  const joined = backend_util.getReshapedPermuted(shape, blockShape, product);
  const begin = backend_util.getSliceBeginCoords(crops, blockShape.length);
  const size = backend_util.getSliceSize(joined, crops, blockShape.length);
  return slicePart(reshape(transpose(reshape(x, split), order), joined), { begin, size }); // later axes whole
}

/** Moves blocks of channels into space; [batch, height, width, channels] or channels first. */
function depthToSpace(x: Value, { blockSize, dataFormat }: tf.DepthToSpaceAttrs): Value {
  const last = dataFormat === 'NHWC';
  const [batch = 0, height = 0, width = 0, depth = 0] = last ? x.shape : transpose(x, [0, 2, 3, 1]).shape;
  const channels = depth / (blockSize * blockSize);
  const images = last ? x : transpose(x, [0, 2, 3, 1]);
  const blocks = reshape(images, [batch, height, width, blockSize, blockSize, channels]);
  const spread = reshape(transpose(blocks, [0, 1, 3, 2, 4, 5]), [
    batch,
    height * blockSize,
    width * blockSize,
    channels,
  ]);
  return last ? spread : transpose(spread, [0, 3, 1, 2]);
}

/** Kernels that move entries without computing. */
export const reshapingKernels: readonly KernelEntry[] = [
  kernel<'x', tf.ReshapeAttrs>('Reshape', ({ x }, { shape }) =>
    reshape(x, util.inferFromImplicitShape(shape, sizeOf(x.shape))),
  ),
  kernel<'input', tf.ExpandDimsAttrs>('ExpandDims', ({ input }, { dim }) => expandDims(input, dim)),
  kernel<'x', tf.TransposeAttrs>('Transpose', ({ x }, { perm }) => transpose(x, perm)),
  kernel('Concat', (parts, { axis }: tf.ConcatAttrs) => {
    const values = Object.values(parts);
    return concat(values, axisOf(values[0] as Value, axis));
  }),
  kernel<'x', tf.SliceAttrs>('Slice', ({ x }, attributes) => slicePart(x, attributes)),
  kernel<'x', tf.StridedSliceAttrs>('StridedSlice', ({ x }, attributes) => stridedSlicePart(x, attributes)),
  kernel<'x', tf.SplitVAttrs>('SplitV', ({ x }, { numOrSizeSplits, axis }) => {
    const at = axisOf(x, axis);
    return split(x, backend_util.prepareSplitSize(shapeOnly(x), numOrSizeSplits, at), at);
  }),
  kernel('Pack', (parts, { axis }: tf.PackAttrs) => pack(Object.values(parts), axis)),
  kernel<'value', tf.UnpackAttrs>('Unpack', ({ value }, { axis }) => unpack(value, axis)),
  kernel<'x', tf.PadV2Attrs>('PadV2', ({ x }, { paddings, constantValue }) =>
    pad(x, paddings, { value: constantValue }),
  ),
  kernel<'x', tf.MirrorPadAttrs>('MirrorPad', ({ x }, { paddings, mode }) => mirrorPad(x, paddings, mode)),
  kernel<'x', tf.TileAttrs>('Tile', ({ x }, { reps }) => tile(x, reps)),
  kernel<'x', tf.BroadCastToAttrs>('BroadcastTo', ({ x }, { shape }) => expand(x, shape)),
  kernel<'x', tf.ReverseAttrs>('Reverse', ({ x }, { dims }) => reverse(x, axesOf(x, dims))),
  kernel<'x', tf.SpaceToBatchNDAttrs>('SpaceToBatchND', ({ x }, attributes) => spaceToBatch(x, attributes)),
  kernel<'x', tf.BatchToSpaceNDAttrs>('BatchToSpaceND', ({ x }, attributes) => batchToSpace(x, attributes)),
  kernel<'x', tf.DepthToSpaceAttrs>('DepthToSpace', ({ x }, attributes) => depthToSpace(x, attributes)),
];
