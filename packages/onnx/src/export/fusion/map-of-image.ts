import { int64s } from '../../graph/constants.ts';
import { node, producer, type Value } from '../../graph/graph.ts';
import { transpose } from '../../operators/shape.ts';
import { bothOrders, isFixed, isPerChannel, type FusionRule } from './pattern.ts';
import { asPlanes, channelsLast, planesOf } from './planes.ts';

/** An affine map of the channels at each place of an image → a convolution of 1 × 1. ONNX Runtime adds bias and residual
 * within it, where a product would need a pass over the image for each, and multiplies faster in the layout of convolutions
 * wherever channels are few. */
export const fuseMapOfImage: FusionRule = (value, fused) => {
  const rows = producer(value, 'Reshape')?.inputs[0];
  const gemm = rows && producer(fused(rows), 'Gemm');
  const [x, weight, bias] = gemm?.inputs ?? [];
  const images = x && producer(x, 'Reshape')?.inputs[0];
  if (!gemm || !images || !weight || !isFixed(weight)) return undefined;
  const { transA, transB } = gemm.attributes;
  const isMap = value.shape.length === 4 && images.shape.length === 4 && transA === 0 && transB === 0;
  if (!isMap || images.shape.slice(0, 3).join() !== value.shape.slice(0, 3).join()) return undefined;
  const [batch = 0, height = 0, width = 0, out = 0] = value.shape;
  const type = { dtype: value.dtype, shape: [batch, out, height, width] };
  return channelsLast(node('Conv', [asPlanes(images), filterOf(weight), bias], type, { attributes: pointwise }));
};

const pointwise = { kernel_shape: [1, 1], strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0], group: 1 };

/** [in, out] → [out, in, 1, 1] */
function filterOf(weight: Value): Value {
  const [inChannels = 0, outChannels = 0] = weight.shape;
  const shape = [outChannels, inChannels, 1, 1];
  return node('Reshape', [transpose(weight, [1, 0]), int64s(weight.graph, shape)], { dtype: weight.dtype, shape });
}

/** conv(x, filter, bias) · scale, one number of `scale` a channel, → conv(x, filter · scale, bias · scale), as the layer
 * scale of ConvNeXt: products of constants, which ONNX Runtime takes when it loads the graph. */
export const fuseScale: FusionRule = (value, fused) => {
  for (const [images, scale] of bothOrders(value, 'Mul')) {
    const result = isPerChannel(scale, images) ? scaled(fused(images), fused(scale)) : undefined;
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
