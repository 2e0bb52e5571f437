import type * as tf from '@tensorflow/tfjs';

import { node, type Value } from '../graph/graph.ts';
import { add, div, mul, sub, unary } from '../operators/elementwise.ts';
import { transpose } from '../operators/shape.ts';
import { axisOf } from './axes.ts';
import { kernel, type KernelEntry } from './kernel.ts';

const normalised = (operator: string, x: Value, axis: number): Value =>
  node(operator, [x], { dtype: x.dtype, shape: x.shape }, { attributes: { axis: axisOf(x, axis) } });

interface BatchNormInputs {
  readonly x: Value;
  readonly scale?: Value;
  readonly offset?: Value;
  readonly mean: Value;
  readonly variance: Value;
}

/** Batch norm with stored statistics. Images of [batch, height, width, channels] whose parameters are one per channel
 * take ONNX's own operator, which ONNX Runtime folds into the convolution before it. */
function batchNorm({ x, scale, offset, mean, variance }: BatchNormInputs, epsilon: number): Value {
  const { graph } = x;
  if (x.shape.length !== 4 || mean.shape.length !== 1) {
    const inverse = div(1, unary('Sqrt', add(variance, epsilon)));
    const factor = scale ? mul(inverse, scale) : inverse;
    const centred = mul(sub(x, mean), factor);
    return offset ? add(centred, offset) : centred;
  }
  const channels = mean.shape[0] ?? 0;
  const ones = () => graph.constant('float32', [channels], new Float32Array(channels).fill(1));
  const zeros = () => graph.constant('float32', [channels], new Float32Array(channels));
  const planes = transpose(x, [0, 3, 1, 2]); // [batch, channels, height, width]
  const inputs = [planes, scale ?? ones(), offset ?? zeros(), mean, variance];
  const type = { dtype: x.dtype, shape: planes.shape };
  const result = node('BatchNormalization', inputs, type, { attributes: { epsilon: { float: epsilon } } });
  return transpose(result, [0, 2, 3, 1]);
}

/** Kernels that scale their input by its own or by stored statistics. */
export const normalisationKernels: readonly KernelEntry[] = [
  kernel<'logits', tf.SoftmaxAttrs>('Softmax', ({ logits }, { dim }) => normalised('Softmax', logits, dim)),
  kernel<'logits', tf.LogSoftmaxAttrs>('LogSoftmax', ({ logits }, { axis }) => normalised('LogSoftmax', logits, axis)),
  kernel<keyof BatchNormInputs, tf.FusedBatchNormAttrs>('FusedBatchNorm', (inputs, { varianceEpsilon }) =>
    batchNorm(inputs, varianceEpsilon),
  ),
];
