/** Multilingual BERT beside transformers at full size: hidden states, pooled features, of the exported graph too, gradients. */
import { bert, bertConfig, initBert, poolTokens, type BertParams } from '@azclip/encoder-text';
import { evaluation, flattenParams, unflattenParams, type ParamTree } from '@azclip/nn';
import { compile, exportOnnx, type HostTensor } from '@azclip/onnx';
import { bertKeyMap } from '@azclip/weights';
import { unitValues } from '@azclip/weights/formula';
import * as tf from '@tensorflow/tfjs';

import {
  decodeFloats,
  formulaParams,
  normComparisons,
  readGolden,
  worstDifference,
  zeros,
  type Comparison,
  type Golden,
} from './golden.ts';
import { exportedFeatures } from './run-graph.ts';

const config = bertConfig.parse({ name: 'bert', pooling: 'pooler' });
const map = bertKeyMap(config.layers);
const canonical = (name: string): string => map.canonical?.(name) ?? name;

/** The form of the parameters; the tensors are freed at once, their shapes remain. */
function formOf(vocabSize: number): ParamTree {
  const tree = initBert(config, vocabSize, zeros) as unknown as ParamTree;
  tf.dispose(flattenParams(tree));
  return tree;
}

/** Pooled and mean features, first hidden states, and the squared norm of each gradient of mean(pooled ⊙ weights). */
function forwardAndGradients(form: ParamTree, names: readonly string[], weights: tf.Tensor) {
  return (inputs: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> => {
    const tokens = { ids: inputs['ids'] as tf.Tensor2D, mask: inputs['mask'] as tf.Tensor2D };
    const values = names.map((name) => inputs[name] as tf.Tensor);
    const paramsOf = (own: readonly tf.Tensor[]): BertParams =>
      unflattenParams(
        form,
        Object.fromEntries(names.map((name, i) => [name, own[i] as tf.Tensor])),
      ) as unknown as BertParams;
    const pooledOf = (params: BertParams): tf.Tensor2D =>
      poolTokens('pooler', params, bert(config, params, tokens, evaluation), tokens.mask);
    const params = paramsOf(values);
    const states = bert(config, params, tokens, evaluation);
    const { value, grads } = tf.valueAndGrads((...own: tf.Tensor[]) =>
      tf.mean(tf.mul(pooledOf(paramsOf(own)), weights)),
    )(values);
    const norms = names.map((name, i) => [`norm ${name}`, tf.sum(tf.square(grads[i] as tf.Tensor))] as const);
    return {
      loss: value,
      pooled: poolTokens('pooler', params, states, tokens.mask),
      mean: poolTokens('mean', params, states, tokens.mask),
      first: tf.slice(states, [0, 0, 0], [1, 3, config.hidden]),
      ...Object.fromEntries(norms),
    };
  };
}

type Feeds = Readonly<Record<'ids' | 'mask', HostTensor>>;

function feedsOf(golden: Golden): Feeds {
  const [ids, mask] = [golden['ids'] as number[][], golden['mask'] as number[][]];
  const shape = [ids.length, ids[0]?.length ?? 0];
  return {
    ids: { dtype: 'int32', shape, data: Int32Array.from(ids.flat()) },
    mask: { dtype: 'float32', shape, data: Float32Array.from(mask.flat()) },
  };
}

/** The exported graph's pooled features, as serving computes them. */
function servedFeatures(form: ParamTree, params: Readonly<Record<string, HostTensor>>, feeds: Feeds) {
  const model = exportOnnx(
    ({ ids, mask }, held) => {
      const own = unflattenParams(form, held) as unknown as BertParams;
      const tokens = { ids: ids as tf.Tensor2D, mask: mask as tf.Tensor2D };
      return { features: poolTokens('pooler', own, bert(config, own, tokens, evaluation), tokens.mask) };
    },
    { ids: { dtype: 'int32', shape: ['batch', 'tokens'] }, mask: { dtype: 'float32', shape: ['batch', 'tokens'] } },
    params,
  );
  return exportedFeatures(model, feeds);
}

/** Holds BERT against a golden file. */
export async function compareBert(file: string): Promise<readonly Comparison[]> {
  const golden = readGolden(file);
  const form = formOf(golden.keys['embeddings.word_embeddings.weight']?.[0] ?? 0);
  const shapes = Object.fromEntries(Object.entries(flattenParams(form)).map(([name, { shape }]) => [name, shape]));
  const names = Object.keys(shapes);
  const params = formulaParams(map, golden, shapes);
  const count = Object.values(params).reduce((sum, { data }) => sum + data.length, 0);
  const feeds = feedsOf(golden);
  const pooledShape: [number, number] = [feeds.ids.shape[0] ?? 0, config.hidden];
  const weights = tf.tensor2d(Float32Array.from(unitValues('R', pooledShape[0] * config.hidden)), pooledShape);
  const compiled = compile(forwardAndGradients(form, names, weights));
  const results = await compiled.run({ ...params, ...feeds });
  compiled.dispose();
  const data = (name: string): ArrayLike<number> => results[name]?.data ?? [];
  const expected = golden['grad_norms'] as Record<string, number>;
  const norms = Object.keys(expected).map((stored): [string, number] => {
    const ours = map.rules.find((rule) => rule.stored === canonical(stored))?.ours ?? '';
    return [stored, Math.sqrt(data(`norm ${ours}`)[0] ?? NaN)];
  });
  const pooled = decodeFloats(golden['pooler_output']);
  const first = decodeFloats(golden['last_hidden_state_row0_token0..2']);
  const served = await servedFeatures(form, params, feeds);
  return [
    { what: 'number of parameters', worst: Math.abs(count - golden.parameters), limit: 0 },
    { what: 'hidden states', worst: worstDifference(data('first'), first), limit: 1e-4 },
    { what: 'pooler', worst: worstDifference(data('pooled'), pooled), limit: 1e-4 },
    { what: '… of the exported graph', worst: worstDifference(served, pooled), limit: 1e-4 },
    { what: 'mean of tokens', worst: worstDifference(data('mean'), decodeFloats(golden['mean_pooled'])), limit: 1e-4 },
    ...normComparisons(Object.fromEntries(norms), expected),
  ];
}
