import { node, producer, type Value } from '../../graph/graph.ts';
import { bothOrders, isPerChannel, type Fused, type FusionRule } from './pattern.ts';

/** A matrix product, or a convolution whose channels are brought last, plus a number for each channel → the same operator with
 * a bias. Within a convolution it costs no pass; that of a product is written by one thread, so large products go on to
 * `fuseMapOfImage` and `fuseMapOfTokens`. */
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
