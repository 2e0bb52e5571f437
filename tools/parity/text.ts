/** Holds the text towers against transformers at full size: parameters filled by formula, one forward pass and one
 * gradient through the compiled engine, worst differences printed.
 *
 *   node --conditions=@azclip/source --import ./tools/fixtures/typescript-loader.mjs tools/parity/text.ts [cased|uncased]
 *
 * Needs ../shared/golden, about 5 GB of memory and a minute a model. */
import type { Random } from '@azclip/base';
import { bert, bertConfig, initBert, poolTokens, type BertParams } from '@azclip/encoder-text';
import { evaluation, flattenParams, unflattenParams, type ParamTree } from '@azclip/nn';
import { compile, type HostTensor } from '@azclip/onnx';
import { bertKeyMap, matchKeys, toOurs } from '@azclip/weights';
import * as tf from '@tensorflow/tfjs';

import { formulaTensor, unitValues } from './formula.ts';
import { decodeFloats, readGolden, worstDifference, worstNorm, type Golden } from './golden.ts';

/** The parameters are overwritten: nothing is gained by drawing them. */
const zeros: Random = { uniform: () => 0.5, normal: () => 0, integer: () => 0, fork: () => zeros };
const config = bertConfig.parse({ name: 'bert', pooling: 'pooler' });
const map = bertKeyMap(config.layers);
const canonical = (name: string): string => map.canonical?.(name) ?? name;

/** The form of the parameters; the tensors are freed at once, their shapes remain. */
function formOf(vocabSize: number): ParamTree {
  const tree = initBert(config, vocabSize, zeros) as unknown as ParamTree;
  tf.dispose(flattenParams(tree));
  return tree;
}

function formulaParams(golden: Golden, form: ParamTree): Record<string, HostTensor> {
  const shapes = Object.fromEntries(Object.entries(flattenParams(form)).map(([name, { shape }]) => [name, shape]));
  const stored = Object.entries(golden.keys).map(([name, shape]) => ({ name, shape }));
  const params: Record<string, HostTensor> = {};
  for (const [name, matches] of matchKeys(map, stored, shapes)) {
    const shape = golden.keys[name] ?? [];
    for (const match of matches) {
      const ours = toOurs({ data: formulaTensor(name, shape), shape }, match);
      params[ours.name] = { dtype: 'float32', shape: ours.shape, data: ours.data as Float32Array };
    }
  }
  return params;
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

async function check(casing: string): Promise<void> {
  const golden = readGolden(`transformers-bert-base-multilingual-${casing}.json`);
  const form = formOf(golden.keys['embeddings.word_embeddings.weight']?.[0] ?? 0);
  const names = Object.keys(flattenParams(form));
  const params = formulaParams(golden, form);
  const count = Object.values(params).reduce((sum, { data }) => sum + data.length, 0);
  const [ids, mask] = [golden['ids'] as number[][], golden['mask'] as number[][]];
  const shape = [ids.length, ids[0]?.length ?? 0];
  const pooledShape: [number, number] = [ids.length, config.hidden];
  const weights = tf.tensor2d(Float32Array.from(unitValues('R', ids.length * config.hidden)), pooledShape);
  const compiled = compile(forwardAndGradients(form, names, weights));
  const results = await compiled.run({
    ...params,
    ids: { dtype: 'int32', shape, data: Int32Array.from(ids.flat()) },
    mask: { dtype: 'float32', shape, data: Float32Array.from(mask.flat()) },
  });
  compiled.dispose();
  const data = (name: string): ArrayLike<number> => results[name]?.data ?? [];
  const norms = Object.keys(golden.grad_norms).map((stored): [string, number] => {
    const ours = map.rules.find((rule) => rule.stored === canonical(stored))?.ours ?? '';
    return [stored, Math.sqrt(data(`norm ${ours}`)[0] ?? NaN)];
  });
  console.table({
    parameters: { value: count, expected: golden.parameters },
    'pooler output': { worst: worstDifference(data('pooled'), decodeFloats(golden['pooler_output'])) },
    'mean pooled': { worst: worstDifference(data('mean'), decodeFloats(golden['mean_pooled'])) },
    'hidden states': {
      worst: worstDifference(data('first'), decodeFloats(golden['last_hidden_state_row0_token0..2'])),
    },
    loss: { value: data('loss')[0], expected: golden['loss'] },
    'gradient norms': { worst: worstNorm(Object.fromEntries(norms), golden.grad_norms) },
  });
}

const casings = process.argv[2] === undefined ? ['cased', 'uncased'] : [process.argv[2]];
for (const casing of casings) {
  console.log(`bert-base-multilingual-${casing}`);
  await check(casing);
}
