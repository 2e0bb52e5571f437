import { int64s, isFixed } from '../../graph/constants.ts';
import { node, producer, type Value } from '../../graph/graph.ts';
import { transpose } from '../../operators/shape.ts';
import type { Rule } from '../../graph/rewrite.ts';
import { bothOrders, isPerChannel } from './pattern.ts';
import { asPlanes, channelsLast, planesOf } from './planes.ts';

/** An affine map of the channels at each place of an image → a convolution of 1 × 1. ONNX Runtime adds bias and residual
 * within it, where a product would need a pass over the image for each, and multiplies faster in the layout of convolutions
 * wherever channels are few. */
export const fuseMapOfImage: Rule = (value, rewritten) => {
  const [rows, shape] = producer(value, 'Reshape')?.inputs ?? [];
  const gemm = rows && producer(rewritten(rows), 'Gemm');
  const [x, weight, bias] = gemm?.inputs ?? [];
  if (!rows || !shape || !x || !weight || !isFixed(weight)) return undefined;
  const isPlain = gemm?.attributes['transA'] === 0 && gemm.attributes['transB'] === 0;
  const images = isPlain ? imagesOf(x, value, rows) : undefined;
  if (!images) return undefined;
  const [batch = 0, height = 0, width = 0] = images.shape;
  const type = { dtype: value.dtype, shape: [batch, weight.shape[1] ?? 0, height, width] };
  const operands = [asPlanes(images), filterOf(weight), bias];
  const result = channelsLast(node('Conv', operands, type, { attributes: pointwise }));
  return isAlike(result, value) ? result : node('Reshape', [result, rewritten(shape)], value);
};

/** The images whose channels are `rows`, or that they become by the map: what is images before or behind it. */
function imagesOf(rows: Value, after: Value, mapped: Value): Value | undefined {
  const source = producer(rows, 'Reshape')?.inputs[0];
  const channels = rows.shape[1] ?? 0;
  if (!source || (source.shape.length === 4 && source.shape[3] === channels)) return source;
  if (after.shape.length !== 4 || after.shape[3] !== mapped.shape[1]) return undefined;
  const [batch = 0, height = 0, width = 0] = after.shape;
  const type = { dtype: rows.dtype, shape: [batch, height, width, channels] };
  return node('Reshape', [rows, int64s(rows.graph, [-1, height, width, channels])], type);
}

const isAlike = (a: Value, b: Value): boolean => a.shape.join() === b.shape.join();

const pointwise = { kernel_shape: [1, 1], strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0], group: 1 };

/** [in, out] → [out, in, 1, 1] */
function filterOf(weight: Value): Value {
  const [inChannels = 0, outChannels = 0] = weight.shape;
  const shape = [outChannels, inChannels, 1, 1];
  return node('Reshape', [transpose(weight, [1, 0]), int64s(weight.graph, shape)], { dtype: weight.dtype, shape });
}

/** conv(x, filter, bias) · scale, one number of `scale` a channel, → conv(x, filter · scale, bias · scale), as the layer
 * scale of ConvNeXt: products of constants, which ONNX Runtime takes when it loads the graph. */
export const fuseScale: Rule = (value, rewritten) => {
  for (const [images, scale] of bothOrders(value, 'Mul')) {
    const result = isPerChannel(scale, images) ? scaled(rewritten(images), rewritten(scale)) : undefined;
    if (result) return result;
  }
  return undefined;
};

function scaled(images: Value, scale: Value): Value | undefined {
  const planes = planesOf(images);
  const convolution = planes && producer(planes, 'Conv');
  const [x, filter, bias] = convolution?.inputs ?? [];
  if (!planes || !convolution || !x || !filter || !bias || !isFixed(filter) || !isFixed(bias)) return undefined;
  const shape = [scale.shape[0] ?? 0, 1, 1, 1];
  const perFilter = node('Reshape', [scale, int64s(scale.graph, shape)], { dtype: scale.dtype, shape });
  const operands = [x, node('Mul', [filter, perFilter], filter), node('Mul', [bias, scale], bias)];
  return channelsLast(node('Conv', operands, planes, { attributes: convolution.attributes }));
}
