import { createRandom, type Random } from '@azclip/base';
import * as tf from '@tensorflow/tfjs';

import { convNorm, initConvNorm } from '../conv-norm.ts';
import { dropout } from '../dropout.ts';
import { embedding } from '../embedding.ts';
import { normalTensor } from '../init.ts';
import { l2Normalize } from '../l2-normalize.ts';
import { initLinear, linear } from '../linear.ts';
import { evaluation, type KeepMask, type Mode } from '../mode.ts';
import { flattenParams, isBuffer, unflattenParams, type NamedTensors, type ParamTree } from '../params.ts';
import { gridAveragePool } from '../pooling.ts';
import { initSqueezeExcitation, squeezeExcitation } from '../squeeze-excitation.ts';
import { initTransformerLayer, transformerLayer } from '../transformer.ts';

/** Numbers by name, of one case. */
export type CaseResult = Readonly<Record<string, readonly number[]>>;

/** A scalar function of parameters: its value and all gradients are compared between backends. */
interface BackendCase {
  readonly params: (random: Random) => object;
  readonly value: (params: never, random: Random) => tf.Scalar;
}

const define = <P extends object>(
  params: (random: Random) => P,
  value: (params: P, random: Random) => tf.Scalar,
): BackendCase => ({ params, value });

/** Weighted sum of all entries: no entry's gradient is hidden by another's. */
const weighted = (x: tf.Tensor, random: Random): tf.Scalar =>
  tf.sum(tf.mul(x, normalTensor(x.shape as [number], 1, random.fork('weights'))));

const keepMask =
  (random: Random): KeepMask =>
  (shape, keep) => {
    const size = shape.reduce((product, n) => product * n, 1);
    return tf.tensor(
      Float32Array.from({ length: size }, () => Number(random.uniform() < keep)),
      [...shape],
    );
  };
const training = (random: Random): Mode => ({
  training: true,
  keepMask: keepMask(random.fork('mask')),
  updateBuffer: () => undefined,
});

/** What every backend must compute alike: the layers that the towers are made of. */
export const backendCases: Readonly<Record<string, BackendCase>> = {
  'transformer layer': define(
    (random) => ({ layer: initTransformerLayer(8, 16, random), x: normalTensor<tf.Rank.R3>([2, 5, 8], 1, random) }),
    ({ layer, x }, random) => {
      const bias = tf.tensor([0, 0, 0, 0, -1e9, 0, 0, 0, 0, 0], [2, 1, 1, 5]); // the last piece of the first text is padding
      const options = { heads: 2, activation: 'gelu', norm: 'post', epsilon: 1e-12, mode: evaluation, bias } as const;
      return weighted(transformerLayer(layer, x, options), random);
    },
  ),
  'convolutions, batch norm and pooling': define(
    (random) => ({
      first: initConvNorm(3, [3, 4], random),
      second: initConvNorm(1, [4, 6], random),
      x: normalTensor<tf.Rank.R4>([2, 6, 6, 3], 1, random),
    }),
    ({ first, second, x }, random) => {
      const mode = training(random);
      const hidden = tf.relu(convNorm(first, x, mode, { stride: 2 })); // [2, 3, 3, 4]
      return weighted(tf.maxPool(tf.tanh(convNorm(second, hidden, mode)), 3, 2, 1, 'floor'), random);
    },
  ),
  'depthwise convolution, gate and grid': define(
    (random) => ({
      conv: initConvNorm(3, [4, 1], random, { depthwise: true }),
      gate: initSqueezeExcitation(4, 2, random),
      x: normalTensor<tf.Rank.R4>([2, 4, 4, 4], 1, random),
    }),
    ({ conv, gate, x }, random) => {
      const hidden = convNorm(conv, x, training(random), { depthwise: true });
      const gated = squeezeExcitation(gate, hidden, { activation: 'relu', gate: 'hardsigmoid' });
      return weighted(gridAveragePool(gated, 2), random);
    },
  ),
  'embedding with repeated pieces, and dropout': define(
    (random) => ({ table: normalTensor<tf.Rank.R2>([7, 4], 1, random) }),
    ({ table }, random) => {
      const pieces = embedding(table, tf.tensor2d([1, 2, 2, 6, 1, 0], [2, 3], 'int32'));
      return weighted(dropout(pieces, 0.5, training(random)), random);
    },
  ),
  'a sum of many terms': define(
    (random) =>
      Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`w${String(i)}`, normalTensor([3], 1, random)])),
    (weights) => tf.addN<tf.Scalar>(Object.values(weights).map((weight) => tf.sum(tf.square(weight)))),
  ),
  'contrastive loss': define(
    (random) => ({
      images: normalTensor<tf.Rank.R2>([4, 6], 1, random),
      texts: normalTensor<tf.Rank.R2>([4, 6], 1, random),
      logScale: tf.scalar(1.5),
    }),
    ({ images, texts, logScale }) => {
      const cosines = tf.matMul<tf.Tensor2D>(l2Normalize(images), l2Normalize(texts), false, true);
      const logits = tf.mul<tf.Tensor2D>(cosines, tf.exp(logScale));
      const right = tf.sum(tf.mul(tf.eye(4), tf.logSoftmax(logits)));
      return tf.neg<tf.Scalar>(tf.add(right, tf.sum(tf.mul(tf.eye(4), tf.logSoftmax(tf.transpose(logits))))));
    },
  ),
};

/** Value and gradients of a case on the current backend; running statistics have none. */
export async function runCase(name: string): Promise<CaseResult> {
  const { params, value } = backendCases[name] as BackendCase;
  const results = tf.tidy(() => {
    const tree = params(createRandom(1)) as ParamTree;
    const named = flattenParams(tree);
    const names = Object.keys(named).filter((key) => !isBuffer(key));
    const at = (tensors: tf.Tensor[]): never => {
      const learned = Object.fromEntries(names.map((key, i) => [key, tensors[i] as tf.Tensor]));
      return unflattenParams(tree, { ...named, ...learned }) as never;
    };
    const gradientsOf = tf.valueAndGrads((...tensors: tf.Tensor[]) => value(at(tensors), createRandom(2)));
    const all = gradientsOf(names.map((key) => named[key] as tf.Tensor));
    return { value: all.value, ...Object.fromEntries(names.map((key, i) => [key, all.grads[i] as tf.Tensor])) };
  });
  return downloaded(results);
}

/** Losses of thirty steps of gradient descent, by which a small network learns which of two halves of a row is larger. */
export async function runTraining(): Promise<CaseResult> {
  const random = createRandom(3);
  const rows = Array.from({ length: 16 }, () => Array.from({ length: 8 }, () => random.normal()));
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const labels = rows.map((row) => Number(sum(row.slice(0, 4)) > sum(row.slice(4))));
  let params = flattenParams({
    hidden: initLinear(8, 16, random),
    out: initLinear(16, 1, random),
  } as unknown as ParamTree);
  const losses: tf.Scalar[] = [];
  for (let step = 0; step < 30; step += 1) {
    const next = tf.tidy(() => descend(params, tf.tensor2d(rows), tf.tensor2d(labels, [16, 1])));
    tf.dispose(params);
    params = next.params;
    losses.push(next.loss);
  }
  tf.dispose(params);
  return downloaded(Object.fromEntries(losses.map((loss, step) => [`loss ${String(step)}`, loss])));
}

function descend(params: NamedTensors, x: tf.Tensor2D, labels: tf.Tensor2D) {
  const names = Object.keys(params);
  const part = (tensors: tf.Tensor[], name: string) => tensors[names.indexOf(name)] as never;
  const layer = (tensors: tf.Tensor[], name: string) => ({
    weight: part(tensors, `${name}.weight`),
    bias: part(tensors, `${name}.bias`),
  });
  const lossOf = (...tensors: tf.Tensor[]): tf.Scalar => {
    const logits = linear(layer(tensors, 'out'), tf.tanh(linear(layer(tensors, 'hidden'), x)));
    return tf.losses.sigmoidCrossEntropy(labels, logits);
  };
  const { value, grads } = tf.valueAndGrads(lossOf)(Object.values(params));
  const moved = names.map((name, i) => [name, tf.sub(params[name] as tf.Tensor, tf.mul(grads[i] as tf.Tensor, 0.5))]);
  return { loss: value, params: Object.fromEntries(moved) as NamedTensors };
}

async function downloaded(named: Readonly<Record<string, tf.Tensor>>): Promise<CaseResult> {
  const entries = Object.entries(named).map(async ([name, tensor]) => [name, Array.from(await tensor.data())] as const);
  const result = Object.fromEntries(await Promise.all(entries));
  tf.dispose(Object.values(named));
  return result;
}
