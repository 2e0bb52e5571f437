import { backend_util } from '@tensorflow/tfjs';
import type * as tf from '@tensorflow/tfjs';

import type { Shape, Value } from '../graph/graph.ts';
import { isFixed, sizeOf } from '../graph/constants.ts';
import { add } from '../operators/elementwise.ts';
import { channelBlock } from '../runtime/channel-block.ts';
import { blockedConv } from '../operators/blocked-convolution.ts';
import { conv, convTranspose, type Window } from '../operators/convolution.ts';
import { gemm } from '../operators/linear.ts';
import { filled, reshape, reverse, transpose } from '../operators/shape.ts';
import { fusedActivation } from './activation.ts';
import { kernel, type KernelEntry } from './kernel.ts';
import { filterGradient } from './filter-gradient.ts';
import { hasDisjointWindows, imagesOfPatches, rowsOfPatches } from './patches.ts';
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

/** [height, width, in, out] → [height · width · in, out] */
const toMatrix = (filter: Value): Value => {
  const [height = 0, width = 0, inChannels = 0, outChannels = 0] = filter.shape;
  return reshape(filter, [height * width * inChannels, outChannels]);
};

/** [batch, height, width, channels] → [batch · height · width, channels] */
const toRows = (x: Value): Value => reshape(x, [sizeOf(x.shape.slice(0, -1)), x.shape.at(-1) ?? 0]);

/** Filters that do not change stay convolutions, which ONNX Runtime lays out and fuses when it loads the graph; of those
 * that are trained, the ones that are matrix products in disguise become them, forward and back. */
const isTrainedProduct = (filter: Value, info: WindowInfo): boolean => hasDisjointWindows(info) && !isFixed(filter);

function conv2d(x: Value, filter: Value, attributes: ConvolutionAttributes): Value {
  const info = convolutionInfo(x.shape, filter.shape, attributes);
  if (isTrainedProduct(filter, info)) {
    return reshape(gemm(rowsOfPatches(x, info), toMatrix(filter)), info.outShape);
  }
  const block = blockOf(filter, info);
  if (block !== undefined) return blockedConv(x, filter, windowOf(info), block);
  return fromPlanes(conv(toPlanes(x, info), toOnnxFilter(filter), windowOf(info)), info);
}

/** The blocks of channels that a convolution with a trained filter goes by; undefined where the processor has none or they do
 * not divide the channels. ONNX Runtime itself brings fixed filters into blocks when it loads a graph. */
function blockOf(filter: Value, { dataFormat, inChannels, outChannels }: WindowInfo): number | undefined {
  if (dataFormat !== 'channelsLast' || filter.dtype !== 'float32' || isFixed(filter)) return undefined;
  const block = channelBlock();
  return block !== undefined && inChannels % block === 0 && outChannels % block === 0 ? block : undefined;
}

function backpropInput(dy: Value, filter: Value, attributes: tf.Conv2DBackpropInputAttrs): Value {
  const info = convolutionInfo(attributes.inputShape, filter.shape, attributes);
  if (sizeOf(dy.shape) === 0) return filled(dy, attributes.inputShape, 0);
  if (isTrainedProduct(filter, info)) {
    return imagesOfPatches(gemm(toRows(dy), toMatrix(filter), { transposeB: true }), info);
  }
  const size = [info.inHeight, info.inWidth] as const;
  const window = windowOf(info);
  const adjoint = adjointOfUnitStride(window, size);
  if (!adjoint) return fromPlanes(convTranspose(toPlanes(dy, info), toOnnxFilter(filter), window, size), info);
  const turned = transpose(reverse(filter, [0, 1]), [0, 1, 3, 2]); // [height, width, out, in]
  const block = blockOf(filter, info);
  if (block !== undefined) return blockedConv(dy, turned, adjoint, block);
  return fromPlanes(conv(toPlanes(dy, info), toOnnxFilter(turned), adjoint), info);
}

/** With step 1 the adjoint of a convolution is the convolution with the turned filter, which runs faster than
 * ConvTranspose; undefined for other steps. */
function adjointOfUnitStride(window: Window, size: readonly [number, number]): Window | undefined {
  const { kernel, strides, dilations, pads } = window;
  const [top, left, bottom, right] = pads;
  const [down, across] = [(kernel[0] - 1) * dilations[0], (kernel[1] - 1) * dilations[1]];
  const adjoint = [down - top, across - left, down - bottom, across - right] as const;
  if (strides[0] * strides[1] !== 1 || Math.min(...adjoint) < 0) return undefined;
  return { ...window, pads: adjoint, output: size };
}

function backpropFilter(x: Value, dy: Value, attributes: tf.Conv2DBackpropFilterAttrs): Value {
  const { filterShape } = attributes;
  const info = convolutionInfo(x.shape, filterShape, attributes);
  if (sizeOf(x.shape) === 0 || sizeOf(dy.shape) === 0) return filled(dy, filterShape, 0);
  if (hasDisjointWindows(info)) {
    return reshape(gemm(rowsOfPatches(x, info), toRows(dy), { transposeA: true }), filterShape);
  }
  const toLast = (images: Value): Value =>
    info.dataFormat === 'channelsLast' ? images : transpose(images, [0, 2, 3, 1]);
  return reshape(filterGradient(toLast(x), toLast(dy), windowOf(info)), filterShape);
}

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
