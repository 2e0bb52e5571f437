import { node, producer, type Value } from '../../graph/graph.ts';
import type { Rewritten, Rule } from '../../graph/rewrite.ts';
import { bothOrders, isPerChannel } from './pattern.ts';

/** A matrix product, or a convolution whose channels are brought last, plus a number for each channel → the same operator with
 * a bias. Within a convolution it costs no pass; that of a product is written by one thread, so large products go on to
 * `fuseMapOfImage` and `fuseMapOfTokens`. */
export const fuseBias: Rule = (value, rewritten) => {
  for (const [product, bias] of bothOrders(value, 'Add')) {
    if (!isPerChannel(bias, product)) continue;
    const result = biasedProduct(product, bias, rewritten) ?? biasedConvolution(product, bias, rewritten);
    if (result) return result;
  }
  return undefined;
};

function biasedProduct(product: Value, bias: Value, rewritten: Rewritten): Value | undefined {
  const gemm = producer(product, 'Gemm');
  const [a, b, own] = gemm?.inputs ?? [];
  if (!gemm || !a || !b || own) return undefined;
  return node('Gemm', [rewritten(a), rewritten(b), rewritten(bias)], product, { attributes: gemm.attributes });
}

function biasedConvolution(channelsLast: Value, bias: Value, rewritten: Rewritten): Value | undefined {
  const transposition = producer(channelsLast, 'Transpose');
  const planes = transposition?.inputs[0];
  const convolution = planes && producer(planes, 'Conv');
  const [x, filter, own] = convolution?.inputs ?? [];
  const perm = transposition?.attributes['perm'] as readonly number[] | undefined;
  if (!transposition || perm?.join() !== '0,2,3,1') return undefined;
  if (!planes || !convolution || !x || !filter || own) return undefined;
  const { attributes } = convolution;
  const result = node('Conv', [rewritten(x), rewritten(filter), rewritten(bias)], planes, { attributes });
  return node('Transpose', [result], channelsLast, { attributes: transposition.attributes });
}
