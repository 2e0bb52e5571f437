import { backend_util } from '@tensorflow/tfjs';

import type { Value } from '../graph/graph.ts';
import type { Window } from '../operators/convolution.ts';
import { transpose } from '../operators/shape.ts';

/** What TF.js knows of a convolution or a pooling: its geometry, channels last or first. */
export type WindowInfo = backend_util.Conv2DInfo;

/** The geometry in ONNX's terms. Rows and columns that the window never reaches get no padding; those that it reaches
 * beyond TF.js's padding (when sizes are rounded up) get the padding that they need. */
export function windowOf(info: WindowInfo): Window {
  const { top, left } = info.padInfo;
  const missing = (output: number, stride: number, extent: number, size: number, before: number): number =>
    Math.max(0, (output - 1) * stride + extent - size - before);
  const bottom = missing(info.outHeight, info.strideHeight, info.effectiveFilterHeight, info.inHeight, top);
  const right = missing(info.outWidth, info.strideWidth, info.effectiveFilterWidth, info.inWidth, left);
  return {
    kernel: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    pads: [top, left, bottom, right],
    output: [info.outHeight, info.outWidth],
  };
}

/** Images as ONNX wants them, [batch, channels, height, width]. */
export const toPlanes = (x: Value, { dataFormat }: WindowInfo): Value =>
  dataFormat === 'channelsLast' ? transpose(x, [0, 3, 1, 2]) : x;

/** The inverse of `toPlanes`. */
export const fromPlanes = (x: Value, { dataFormat }: WindowInfo): Value =>
  dataFormat === 'channelsLast' ? transpose(x, [0, 2, 3, 1]) : x;

/** TF.js's name of a data format. */
export const dataFormatOf = (format: 'NHWC' | 'NCHW' | undefined): 'channelsLast' | 'channelsFirst' =>
  backend_util.convertConv2DDataFormat(format ?? 'NHWC');
