import { createRandom } from '@azclip/base';
import {
  evaluation,
  flattenParams,
  initTransformerLayer,
  normalTensor,
  transformerLayer,
  unflattenParams,
  type ParamTree,
  type TransformerLayerParams,
} from '@azclip/nn';
import type { HostTensor } from '@azclip/onnx';
import * as tf from '@tensorflow/tfjs';

/** A piece of work to time: a function of tensors, its inputs, and what it costs. */
export interface Work {
  readonly fn: (inputs: Record<string, tf.Tensor>) => Record<string, tf.Tensor>;
  readonly inputs: Readonly<Record<string, HostTensor>>;
  /** Additions and multiplications of its matrix products. */
  readonly flops: number;
}

const [dim, heads, width] = [768, 12, 3072];
const options = { heads, activation: 'gelu', norm: 'post', epsilon: 1e-12, mode: evaluation } as const;

/** A layer of BERT-base on `batch` texts of `tokens` tokens: forward, and the gradients of all its parameters. */
export async function layerWork(batch: number, tokens: number): Promise<Work> {
  const random = createRandom(1);
  const layer = initTransformerLayer(dim, width, random) as unknown as ParamTree;
  const tensors = { ...flattenParams(layer), x: normalTensor([batch, tokens, dim], 1, random) };
  const names = Object.keys(tensors);
  const valueOf = (...values: tf.Tensor[]): tf.Scalar => {
    const named = Object.fromEntries(names.map((name, i) => [name, values[i] as tf.Tensor]));
    const params = unflattenParams(layer, named) as unknown as TransformerLayerParams;
    return tf.sum(tf.square(transformerLayer(params, named['x'] as tf.Tensor, options)));
  };
  const inputs = await Promise.all(Object.entries(tensors).map(async ([name, t]) => [name, await onHost(t)] as const));
  tf.dispose(tensors);
  return {
    fn: (given) => {
      const gradients = tf.grads(valueOf)(names.map((name) => given[name] as tf.Tensor));
      return Object.fromEntries(names.map((name, i) => [name, gradients[i] as tf.Tensor]));
    },
    inputs: Object.fromEntries(inputs),
    flops: 3 * (2 * batch * tokens * (4 * dim * dim + 2 * dim * width) + 4 * batch * tokens * tokens * dim),
  };
}

const onHost = async (tensor: tf.Tensor): Promise<HostTensor> => ({
  dtype: 'float32',
  shape: tensor.shape,
  data: (await tensor.data()).slice(),
});
