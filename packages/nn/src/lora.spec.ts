import { createRandom } from '@azclip/base';
import * as tf from '@tensorflow/tfjs';

import { linear, type LinearParams } from './linear.ts';
import { loraConfig } from './lora-config.ts';
import { addLora, applyLora, isLora, mergeLora } from './lora.ts';
import { evaluation, type Mode } from './mode.ts';
import { countParams, flattenParams, unflattenParams, type ParamTree } from './params.ts';
import { initTransformerLayer, transformerLayer, type TransformerLayerParams } from './transformer.ts';

const random = createRandom(4);
const config = loraConfig.parse({ rank: 2, alpha: 6, targets: ['query', 'up'] });
const x = tf.reshape(tf.linspace(-1, 1, 2 * 3 * 4), [2, 3, 4]);
const base = { layers: [initTransformerLayer(4, 8, random)] } as unknown as ParamTree;

const run = (tree: ParamTree): tf.Tensor => {
  const [layer] = (tree as unknown as { layers: TransformerLayerParams[] }).layers;
  const options = { heads: 2, activation: 'gelu', norm: 'pre', epsilon: 1e-6, mode: evaluation } as const;
  return transformerLayer(layer as TransformerLayerParams, x, options);
};

/** Adapters as if they had learned something. */
function trained(tree: ParamTree): ParamTree {
  const learned = Object.entries(flattenParams(tree)).map(([name, tensor]) => [
    name,
    name.endsWith('lora.up') ? tf.sin(tf.reshape(tf.range(1, tensor.size + 1), tensor.shape)) : tensor,
  ]);
  return unflattenParams(tree, Object.fromEntries(learned) as Record<string, tf.Tensor>);
}

const adapted = (): ParamTree => addLora(base, config, random);

it('adds rank · (in + out) parameters to each targeted map and nothing elsewhere', () => {
  const names = Object.keys(flattenParams(adapted())).filter(isLora);
  expect(names).toEqual([
    'layers.0.attention.query.lora.down',
    'layers.0.attention.query.lora.up',
    'layers.0.ffn.up.lora.down',
    'layers.0.ffn.up.lora.up',
  ]);
  expect(countParams(adapted()) - countParams(base)).toBe(2 * (4 + 4) + 2 * (4 + 8));
});

it('leaves the output as it was until the adapters learn', () => {
  expect(run(applyLora(adapted(), config, evaluation)).dataSync()).toBeAllClose(run(base).dataSync());
});

it('counts alpha / rank times', () => {
  const params = {
    weight: tf.zeros([1, 1]),
    bias: tf.zeros([1]),
    lora: { down: tf.ones([1, 2]), up: tf.ones([2, 1]) },
  };
  const ready = applyLora(params, config, evaluation) as unknown as LinearParams;
  expect(linear(ready, tf.ones([1, 1])).dataSync()).toBeAllClose([6]); // 6 / 2 · (1 · 1 + 1 · 1)
});

it('merges into weights that give the same output, without adapters', () => {
  const tree = trained(adapted());
  const merged = mergeLora(tree, config);
  expect(Object.keys(flattenParams(merged)).some(isLora)).toBe(false);
  expect(run(merged).dataSync()).toBeAllClose(run(applyLora(tree, config, evaluation)).dataSync(), 1e-5);
  expect(run(merged).dataSync()).not.toBeAllClose(run(base).dataSync(), 1e-2);
});

it('drops input features of the adapter alone, for the whole batch, and scales the others', () => {
  const dropping = { ...config, alpha: 2, dropout: 0.5 };
  const keepMask = (shape: readonly number[]): tf.Tensor => tf.reshape(tf.tensor1d([1, 0]), [...shape]);
  const mode: Mode = { training: true, keepMask, updateBuffer: () => undefined };
  const lora = {
    down: tf.tensor2d([
      [1, 0],
      [1, 0],
    ]),
    up: tf.tensor2d([[1], [0]]),
  };
  const params = { weight: tf.tensor2d([[1], [1]]), bias: tf.zeros([1]), lora } as unknown as ParamTree;
  const ready = applyLora(params, dropping, mode) as unknown as LinearParams;
  expect(
    linear(
      ready,
      tf.tensor2d([
        [1, 10],
        [2, 20],
      ]),
    ).dataSync(),
  ).toBeAllClose([11 + 2, 22 + 4]); // 2 · first feature
});

it('names a target that the tower does not have', () => {
  expect(() => addLora(base, { ...config, targets: ['qury'] }, random)).toThrow(
    'lora.targets: expected some of down, key, output, query, up, value, got "qury"',
  );
});

it('gives adapters the gradient of the output', () => {
  const params = { weight: tf.ones([2, 2]), bias: tf.zeros([2]) } as const;
  const down = tf.tensor2d([[1], [2]]);
  const up = tf.tensor2d([[3, -1]]);
  const input = tf.tensor2d([[1, -1]]);
  const loss = (d: tf.Tensor, u: tf.Tensor): tf.Scalar =>
    tf.sum(linear({ ...params, lora: { down: d as tf.Tensor2D, up: u as tf.Tensor2D } } as LinearParams, input));
  const [ofDown, ofUp] = tf.grads(loss)([down, up]);
  expect(ofDown?.dataSync()).toBeAllClose([2, -2]); // x · Σ up
  expect(ofUp?.dataSync()).toBeAllClose([-1, -1]); // x · down
});

it('leaves nothing behind but its results', () => {
  const tree = adapted();
  const before = tf.memory().numTensors;
  tf.tidy(() => run(applyLora(tree, config, evaluation))).dispose();
  expect(tf.memory().numTensors).toBe(before);
  const merged = mergeLora(tree, config);
  expect(tf.memory().numTensors).toBe(before + 2); // the two merged weights
  expect(countParams(merged)).toBe(countParams(base));
});
