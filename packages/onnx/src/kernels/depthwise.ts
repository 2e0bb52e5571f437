import type * as tf from '@tensorflow/tfjs';

import { sizeOf } from '../graph/constants.ts';
import type { Shape, Value } from '../graph/graph.ts';
import { conv, convTranspose, type Window } from '../operators/convolution.ts';
import { filled, reshape, slice, transpose } from '../operators/shape.ts';
import {
  convolutionInfo,
  finishFused,
  type ConvolutionAttributes,
  type FusedConvolutionInputs,
} from './convolution.ts';
import { kernel, type KernelEntry } from './kernel.ts';
import { fromPlanes, toPlanes, windowOf, type WindowInfo } from './window.ts';

/** [height, width, channels, multiplier] → [channels · multiplier, 1, height, width] */
function toOnnxFilter(filter: Value): Value {
  const [height = 0, width = 0, channels = 0, multiplier = 0] = filter.shape;
  return reshape(transpose(filter, [2, 3, 0, 1]), [channels * multiplier, 1, height, width]);
}

const depthwiseInfo = (x: Shape, filter: Shape, attributes: ConvolutionAttributes): WindowInfo =>
  convolutionInfo(x, filter, attributes, true);

function depthwise(x: Value, filter: Value, attributes: ConvolutionAttributes): Value {
  const info = depthwiseInfo(x.shape, filter.shape, attributes);
  return fromPlanes(conv(toPlanes(x, info), toOnnxFilter(filter), windowOf(info), info.inChannels), info);
}

function backpropInput(dy: Value, filter: Value, attributes: tf.DepthwiseConv2dNativeBackpropInputAttrs): Value {
  const info = depthwiseInfo(attributes.inputShape, filter.shape, attributes);
  if (sizeOf(dy.shape) === 0) return filled(dy, attributes.inputShape, 0);
  const size = [info.inHeight, info.inWidth];
  const planes = convTranspose(toPlanes(dy, info), toOnnxFilter(filter), windowOf(info), size, info.inChannels);
  return fromPlanes(planes, info);
}

/** The filter's gradient is itself a convolution: of the images with `dy`, one group a channel, the batch in the part of
 * the channels of a group. */
function backpropFilter(x: Value, dy: Value, attributes: tf.DepthwiseConv2dNativeBackpropFilterAttrs): Value {
  const { filterShape } = attributes;
  const info = depthwiseInfo(x.shape, filterShape, attributes);
  if (sizeOf(x.shape) === 0 || sizeOf(dy.shape) === 0) return filled(dy, filterShape, 0);
  const images = reshape(transpose(toPlanes(x, info), [1, 0, 2, 3]), [
    1,
    info.inChannels * info.batchSize,
    info.inHeight,
    info.inWidth,
  ]);
  const filters = transpose(toPlanes(dy, info), [1, 0, 2, 3]); // [channels · multiplier, batch, outHeight, outWidth]
  const gradient = cropToKernel(conv(images, filters, exchanged(info), info.inChannels), info);
  const [height, width, channels, multiplier] = filterShape;
  return transpose(reshape(gradient, [channels, multiplier, height, width]), [2, 3, 0, 1]);
}

/** The window of a filter's gradient: `dy` moves over the images as a filter, steps and dilations exchanged. */
function exchanged(info: WindowInfo): Window {
  const window = windowOf(info);
  const [top, left, bottom, right] = window.pads;
  const reach = (size: number, pads: number, taps: number, step: number, spacing: number): number =>
    Math.floor((size + pads - (taps - 1) * spacing - 1) / step) + 1;
  return {
    kernel: window.output,
    strides: window.dilations,
    dilations: window.strides,
    pads: window.pads,
    output: [
      reach(info.inHeight, top + bottom, info.outHeight, info.dilationHeight, info.strideHeight),
      reach(info.inWidth, left + right, info.outWidth, info.dilationWidth, info.strideWidth),
    ],
  };
}

/** Leaves out the taps beyond the kernel, which rows that no window reaches would make. */
const cropToKernel = (gradient: Value, { filterHeight, filterWidth }: WindowInfo): Value =>
  slice(gradient, [0, 0, 0, 0], [...gradient.shape.slice(0, 2), filterHeight, filterWidth]);

/** Convolutions of every channel with filters of its own, and their gradients. */
export const depthwiseKernels: readonly KernelEntry[] = [
  kernel<'x' | 'filter', tf.DepthwiseConv2dNativeAttrs>('DepthwiseConv2dNative', ({ x, filter }, attributes) =>
    depthwise(x, filter, attributes),
  ),
  kernel<'dy' | 'filter', tf.DepthwiseConv2dNativeBackpropInputAttrs>(
    'DepthwiseConv2dNativeBackpropInput',
    ({ dy, filter }, attributes) => backpropInput(dy, filter, attributes),
  ),
  kernel<'x' | 'dy', tf.DepthwiseConv2dNativeBackpropFilterAttrs>(
    'DepthwiseConv2dNativeBackpropFilter',
    ({ x, dy }, attributes) => backpropFilter(x, dy, attributes),
  ),
  kernel<keyof FusedConvolutionInputs, tf.FusedDepthwiseConv2DAttrs>('FusedDepthwiseConv2D', (inputs, attributes) =>
    finishFused(depthwise(inputs.x, inputs.filter, attributes), inputs, attributes),
  ),
];
