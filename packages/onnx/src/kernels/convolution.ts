import { backend_util } from '@tensorflow/tfjs';
import type * as tf from '@tensorflow/tfjs';

import type { Shape, Value } from '../graph/graph.ts';
import { sizeOf } from '../graph/constants.ts';
import { add } from '../operators/elementwise.ts';
import { conv, convTranspose } from '../operators/convolution.ts';
import { filled, reshape, slice, transpose } from '../operators/shape.ts';
import { fusedActivation } from './activation.ts';
import { kernel, type KernelEntry } from './kernel.ts';
import { dataFormatOf, fromPlanes, toPlanes, windowOf, type WindowInfo } from './window.ts';

/** Attributes that all convolutions share. */
export type ConvolutionAttributes = Pick<tf.Conv2DAttrs, 'strides' | 'pad' | 'dimRoundingMode'> &
  Partial<Pick<tf.Conv2DAttrs, 'dataFormat' | 'dilations'>>;

/** The geometry of a convolution of images of shape `x` with a filter [height, width, in, out or multiplier]. */
export const convolutionInfo = (
  x: Shape,
  filter: Shape,
  { strides, pad, dimRoundingMode, dataFormat, dilations }: ConvolutionAttributes,
  depthwise = false,
): WindowInfo =>
  backend_util.computeConv2DInfo(
    x as [number, number, number, number],
    filter as [number, number, number, number],
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    depthwise,
    dataFormatOf(dataFormat),
  );

/** [height, width, in, out] → [out, in, height, width] */
const toOnnxFilter = (filter: Value): Value => transpose(filter, [3, 2, 0, 1]);

function conv2d(x: Value, filter: Value, attributes: ConvolutionAttributes): Value {
  const info = convolutionInfo(x.shape, filter.shape, attributes);
  return fromPlanes(conv(toPlanes(x, info), toOnnxFilter(filter), windowOf(info)), info);
}

function backpropInput(dy: Value, filter: Value, attributes: tf.Conv2DBackpropInputAttrs): Value {
  const info = convolutionInfo(attributes.inputShape, filter.shape, attributes);
  if (sizeOf(dy.shape) === 0) return filled(dy, attributes.inputShape, 0);
  const size = [info.inHeight, info.inWidth];
  return fromPlanes(convTranspose(toPlanes(dy, info), toOnnxFilter(filter), windowOf(info), size), info);
}

/** The filter's gradient is itself a convolution: of the images with `dy`, batch in the part of the channels, and steps
 * and dilations exchanged. */
function backpropFilter(x: Value, dy: Value, attributes: tf.Conv2DBackpropFilterAttrs): Value {
  const info = convolutionInfo(x.shape, attributes.filterShape, attributes);
  if (sizeOf(x.shape) === 0 || sizeOf(dy.shape) === 0) return filled(dy, attributes.filterShape, 0);
  const images = transpose(toPlanes(x, info), [1, 0, 2, 3]); // [in, batch, height, width]
  const filters = transpose(toPlanes(dy, info), [1, 0, 2, 3]); // [out, batch, outHeight, outWidth]
  const gradient = conv(images, filters, exchanged(info)); // [in, out, ≥ kernel height, ≥ kernel width]
  return transpose(cropToKernel(gradient, info), [2, 3, 0, 1]);
}

/** The window of a filter's gradient. */
export function exchanged(info: WindowInfo): ReturnType<typeof windowOf> {
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
export const cropToKernel = (gradient: Value, { filterHeight, filterWidth }: WindowInfo): Value =>
  slice(gradient, [0, 0, 0, 0], [...gradient.shape.slice(0, 2), filterHeight, filterWidth]);

/** Inputs of a fused convolution. */
export interface FusedConvolutionInputs {
  readonly x: Value;
  readonly filter: Value;
  readonly bias?: Value;
  readonly preluActivationWeights?: Value;
}

/** Bias and activation of a fused convolution on its bare result. */
export function finishFused(
  bare: Value,
  { bias, preluActivationWeights }: FusedConvolutionInputs,
  { activation, leakyreluAlpha, dataFormat }: tf.FusedConv2DAttrs,
): Value {
  const first = dataFormat === 'NCHW' && bias?.shape.length === 1;
  const aligned = bias && first ? reshape(bias, [...bias.shape, 1, 1]) : bias;
  return fusedActivation(aligned ? add(bare, aligned) : bare, activation, preluActivationWeights, leakyreluAlpha);
}

/** Convolutions over two axes and their gradients. */
export const convolutionKernels: readonly KernelEntry[] = [
  kernel<'x' | 'filter', tf.Conv2DAttrs>('Conv2D', ({ x, filter }, attributes) => conv2d(x, filter, attributes)),
  kernel<'dy' | 'filter', tf.Conv2DBackpropInputAttrs>('Conv2DBackpropInput', ({ dy, filter }, attributes) =>
    backpropInput(dy, filter, attributes),
  ),
  kernel<'x' | 'dy', tf.Conv2DBackpropFilterAttrs>('Conv2DBackpropFilter', ({ x, dy }, attributes) =>
    backpropFilter(x, dy, attributes),
  ),
  kernel<keyof FusedConvolutionInputs, tf.FusedConv2DAttrs>('FusedConv2D', (inputs, attributes) =>
    finishFused(conv2d(inputs.x, inputs.filter, attributes), inputs, attributes),
  ),
];
