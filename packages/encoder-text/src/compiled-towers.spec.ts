import { createRandom } from '@azclip/base';
import { evaluation, flattenParams, unflattenParams, type NamedTensors, type ParamTree } from '@azclip/nn';
import { compile, exportOnnx, type HostTensor } from '@azclip/onnx';
import * as tf from '@tensorflow/tfjs';
import { InferenceSession, Tensor } from 'onnxruntime-node';

import { textTowerConfig } from './config.ts';
import { createTextTower } from './create-text-tower.ts';
import type { TextTower } from './text-tower.ts';

const ids = [2, 5, 7, 3, 0, 2, 9, 3, 0, 0];
const mask = [1, 1, 1, 1, 0, 1, 1, 1, 0, 0];

const bert = { name: 'bert', layers: 2, hidden: 8, heads: 2, ffn: 16, maxPosition: 10, contextLength: 6 };
const towers = [
  { name: 'bag', dim: 8, hidden: 6, pooling: 'mean' },
  { name: 'bag', dim: 8, pooling: 'attention' },
  ...['mean', 'first', 'pooler', 'attention'].map((pooling) => ({ ...bert, pooling })),
  { ...bert, norm: 'pre', pooling: 'mean', activation: 'silu' },
];

const host = (tensor: tf.Tensor): HostTensor => ({
  dtype: tensor.dtype as 'float32',
  shape: tensor.shape,
  data: tensor.dataSync<'float32'>(),
});

/** The tower's features, and the gradient of each parameter, as one function of named tensors. */
function featuresAndGradients(tower: TextTower, tree: ParamTree): (named: NamedTensors) => Record<string, tf.Tensor> {
  const names = Object.keys(flattenParams(tree));
  const weights = tf.tensor2d(
    Float32Array.from({ length: 16 }, (_, i) => Math.sin(i + 1)),
    [2, 8],
  );
  return (named) => {
    const tokens = { ids: named['ids'] as tf.Tensor2D, mask: named['mask'] as tf.Tensor2D };
    const apply = (values: tf.Tensor[]): tf.Tensor => {
      const params = unflattenParams(tree, Object.fromEntries(names.map((name, i) => [name, values[i] as tf.Tensor])));
      return tower.apply(params, tokens, evaluation);
    };
    const values = names.map((name) => named[name] as tf.Tensor);
    const gradients = tf.grads((...own: tf.Tensor[]) => tf.sum(tf.mul(apply(own), weights)))(values);
    return {
      features: apply(values),
      ...Object.fromEntries(names.map((name, i) => [name, gradients[i] as tf.Tensor])),
    };
  };
}

it.each(towers)('gives the features and gradients of the CPU backend when compiled: %j', async (form) => {
  const tower = createTextTower(textTowerConfig.parse(form), 12);
  const tree = tower.init(createRandom(1));
  const run = featuresAndGradients(tower, tree);
  const tokens = { ids: tf.tensor2d(ids, [2, 5], 'int32'), mask: tf.tensor2d(mask, [2, 5]) };
  const named = { ...flattenParams(tree), ...tokens };
  const expected = run(named);
  const compiled = compile(run);
  const actual = await compiled.run(Object.fromEntries(Object.entries(named).map(([name, t]) => [name, host(t)])));
  compiled.dispose();
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, tensor] of Object.entries(expected)) {
    expect(actual[name]?.data ?? []).toBeAllClose(tensor.dataSync(), 1e-4);
  }
});

it.each(towers)('gives the features of the CPU backend when exported: %j', async (form) => {
  const tower = createTextTower(textTowerConfig.parse(form), 12);
  const tree = tower.init(createRandom(1));
  const tokens = { ids: tf.tensor2d(ids, [2, 5], 'int32'), mask: tf.tensor2d(mask, [2, 5]) };
  const expected = tower.apply(tree, tokens, evaluation).dataSync();
  const model = exportOnnx(
    (inputs, held) => {
      const given = { ids: inputs['ids'] as tf.Tensor2D, mask: inputs['mask'] as tf.Tensor2D };
      return { features: tower.apply(unflattenParams(tree, held), given, evaluation) };
    },
    { ids: { dtype: 'int32', shape: ['batch', 'tokens'] }, mask: { dtype: 'float32', shape: ['batch', 'tokens'] } },
    Object.fromEntries(Object.entries(flattenParams(tree)).map(([name, t]) => [name, host(t)])),
  );
  const session = await InferenceSession.create(model);
  const { features } = await session.run({
    ids: new Tensor('int32', Int32Array.from(ids), [2, 5]),
    mask: new Tensor('float32', Float32Array.from(mask), [2, 5]),
  });
  await session.release();
  expect(features?.data).toBeAllClose(expected, 1e-4);
});
