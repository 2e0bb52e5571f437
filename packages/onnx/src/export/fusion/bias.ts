import { node, producer, type Value } from '../../graph/graph.ts';
import { bothOrders, isFixed, isPerChannel, type Fused, type FusionRule } from './pattern.ts';

/** A matrix product, or a convolution whose channels are brought last, plus a number for each channel → the same operator with
 * a bias, which costs no pass of its own. */
export const fuseBias: FusionRule = (value, fused) => {
  for (const [product, bias] of bothOrders(value, 'Add')) {
    if (!isPerChannel(bias, product)) continue;
    const result = biasedProduct(product, bias, fused) ?? biasedConvolution(product, bias, fused);
    if (result) return result;
  }
  return undefined;
};

function biasedProduct(product: Value, bias: Value, fused: Fused): Value | undefined {
  const gemm = producer(product, 'Gemm');
  const [a, b, own] = gemm?.inputs ?? [];
  if (!gemm || !a || !b || own) return undefined;
  return node('Gemm', [fused(a), fused(b), fused(bias)], product, { attributes: gemm.attributes });
}

function biasedConvolution(channelsLast: Value, bias: Value, fused: Fused): Value | undefined {
  const transposition = producer(channelsLast, 'Transpose');
  const planes = transposition?.inputs[0];
  const convolution = planes && producer(planes, 'Conv');
  const [x, filter, own] = convolution?.inputs ?? [];
  const perm = transposition?.attributes['perm'] as readonly number[] | undefined;
  if (!transposition || perm?.join() !== '0,2,3,1') return undefined;
  if (!planes || !convolution || !x || !filter || own) return undefined;
  const { attributes } = convolution;
  const result = node('Conv', [fused(x), fused(filter), fused(bias)], planes, { attributes });
  return node('Transpose', [result], channelsLast, { attributes: transposition.attributes });
}

/** (x · weight + bias) · scale, one number of `scale` a column, → x · (weight · scale) + bias · scale, as the layer scale behind
 * an affine map: products of constants, which ONNX Runtime takes when it loads the graph. */
export const fuseScale: FusionRule = (value, fused) => {
  for (const [reshaped, scale] of bothOrders(value, 'Mul')) {
    const reshape = producer(reshaped, 'Reshape');
    const [rows, shape] = reshape?.inputs ?? [];
    if (!reshape || !rows || !shape || !isPerChannel(scale, reshaped) || !isPerChannel(scale, rows)) continue;
    const result = scaledProduct(rows, scale, fused);
    if (result) return node('Reshape', [result, fused(shape)], value, { attributes: reshape.attributes });
  }
  return undefined;
};

function scaledProduct(affine: Value, scale: Value, fused: Fused): Value | undefined {
  for (const [product, bias] of bothOrders(affine, 'Add')) {
    const gemm = producer(product, 'Gemm');
    const [x, weight] = gemm?.inputs ?? [];
    if (!gemm || !x || !weight || gemm.attributes['transB'] !== 0) continue;
    if (!isFixed(weight) || !isPerChannel(bias, product)) continue;
    const [scaledWeight, scaledBias] = [weight, bias].map((each) => node('Mul', [fused(each), fused(scale)], each));
    return node('Gemm', [fused(x), scaledWeight, scaledBias], affine, { attributes: gemm.attributes });
  }
  return undefined;
}
