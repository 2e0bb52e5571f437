import { flattenParams, isBuffer, unflattenParams, type Mode, type ParamTree, evaluation } from '@azclip/nn';
import { exportOnnx, registerOnnxBackend, type HostTensor } from '@azclip/onnx';
import {
  convnextKeyMap,
  resnetKeyMap,
  swinKeyMap,
  torchvisionEfficientnetKeyMap,
  torchvisionMobilenetV2KeyMap,
  torchvisionMobilenetV3KeyMap,
  vitKeyMap,
  type KeyMap,
} from '@azclip/weights';
import { unitValues } from '@azclip/weights/formula';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import * as tf from '@tensorflow/tfjs';

import { convnext } from './convnext/convnext.ts';
import { filledByFormula } from './formula.spec.support.ts';
import type { BlockForm } from './inverted-residual/block.ts';
import { invertedResidualNetwork, type InvertedResidualForm } from './inverted-residual/inverted-residual-network.ts';
import { stageKeysOf } from './named-network.ts';
import type { Network } from './network/network.ts';
import { towerOf } from './network/tower-of.ts';
import { resnet } from './resnet/resnet.ts';
import { swin } from './swin/swin.ts';
import { vit } from './vit/vit.ts';

/** What tools/reference/small-image-networks.py wrote. */
interface Golden {
  readonly side: number;
  readonly keys: Readonly<Record<string, readonly number[]>>;
  readonly evaluated: readonly number[];
  readonly trained: readonly number[];
  readonly gradientNorms: Readonly<Record<string, number>>;
}

type Name = 'resnet' | 'mobilenet_v3' | 'mobilenet_v2' | 'efficientnet' | 'convnext' | 'vit' | 'swin';

const golden = JSON.parse(readFileSync(join(import.meta.dirname, 'small-networks.golden.json'), 'utf8')) as Readonly<
  Record<Name, Golden>
>;

const block = (kernel: number, [expanded, channels]: [number, number], rest: Partial<BlockForm>): BlockForm => ({
  ...{ kernel, expanded, channels, squeezed: 0, stride: 1, activation: 'relu' },
  ...rest,
});

const mobilenetV3: InvertedResidualForm = {
  stem: 8,
  stages: [[block(3, [8, 8], {})], [block(5, [24, 16], { stride: 2, squeezed: 8, activation: 'hardswish' })]],
  last: 96,
  activation: 'hardswish',
  stochasticDepth: 0,
  constants: { norm: { epsilon: 1e-3 }, padding: 'torch', squeeze: { activation: 'relu', gate: 'hardsigmoid' } },
};

const relu6 = { activation: 'relu6' } as const;

const mobilenetV2: InvertedResidualForm = {
  ...mobilenetV3,
  ...relu6,
  stem: 8,
  stages: [[block(3, [8, 8], relu6)], [block(3, [48, 8], { ...relu6, stride: 2 }), block(3, [48, 8], relu6)]],
  last: 24,
  constants: { ...mobilenetV3.constants, norm: { epsilon: 1e-5 } },
};

const silu = { activation: 'silu', squeezed: 2 } as const;

const efficientnet: InvertedResidualForm = {
  ...mobilenetV2,
  activation: 'silu',
  stem: 8,
  stages: [[block(3, [8, 8], silu)], [block(5, [32, 8], { ...silu, stride: 2 }), block(5, [32, 8], silu)]],
  last: 24,
  constants: { ...mobilenetV2.constants, squeeze: { activation: 'silu', gate: 'sigmoid' } },
};

const inverted = (form: InvertedResidualForm): Network => invertedResidualNetwork(form, 'average');

/** Each golden network, written in our parts. */
const networks: Readonly<Record<Name, readonly [Network, KeyMap]>> = {
  resnet: [
    resnet({
      block: 'basic',
      stem: { kernel: 3, stride: 1, maxPool: true },
      widths: [8, 8, 12, 16],
      depths: [1, 1, 1, 1],
      pooling: 'average',
    }),
    resnetKeyMap([1, 1, 1, 1], 2),
  ],
  mobilenet_v3: [inverted(mobilenetV3), torchvisionMobilenetV3KeyMap(stageKeysOf(mobilenetV3))],
  mobilenet_v2: [inverted(mobilenetV2), torchvisionMobilenetV2KeyMap(stageKeysOf(mobilenetV2))],
  efficientnet: [inverted(efficientnet), torchvisionEfficientnetKeyMap(stageKeysOf(efficientnet))],
  convnext: [
    convnext({ widths: [8, 16], depths: [1, 2], stochasticDepth: 0 }, 'average'),
    convnextKeyMap('torchvision', [1, 2]),
  ],
  vit: [vit({ size: 32, patch: 8, dim: 16, layers: 2, heads: 2, ffnDim: 32 }, 'class'), vitKeyMap('torchvision', 2)],
  swin: [
    swin({ dim: 8, depths: [2, 2], heads: [2, 4], window: 2, stochasticDepth: 0 }, 'average'),
    swinKeyMap('torchvision', [2, 2]),
  ],
};

const training: Mode = {
  training: true,
  keepMask: (shape) => tf.ones([...shape]),
  updateBuffer: () => undefined,
};

/** The golden input [2, 3, side, side] as pixels. */
const pixelsOf = (side: number): tf.Tensor4D => {
  const values = Float32Array.from(unitValues('input', 2 * 3 * side * side), (u) => 1.5 * u);
  return tf.transpose(tf.tensor4d(values, [2, 3, side, side]), [0, 2, 3, 1]);
};

function towerFor(name: Name) {
  const { side } = golden[name];
  const [network] = networks[name];
  const preprocessing = { size: side, resize: side, fit: 'crop', interpolation: 'bilinear' } as const;
  return towerOf(network, { name, preprocessing: { ...preprocessing, mean: [0, 0, 0], std: [1, 1, 1] } });
}

/** Norm of each stored parameter's gradient of mean(features ⊙ weights) in training. */
function gradientNorms(name: Name, params: ParamTree): Record<string, number> {
  const tower = towerFor(name);
  const all = flattenParams(params);
  const learned = Object.keys(all).filter((key) => !isBuffer(key));
  const loss = (...values: tf.Tensor[]): tf.Scalar => {
    const own = Object.fromEntries(learned.map((key, i) => [key, values[i] as tf.Tensor]));
    const features = tower.apply(unflattenParams(params, { ...all, ...own }), pixelsOf(golden[name].side), training);
    const weights = tf.tensor(Float32Array.from(unitValues('R', features.size)), features.shape);
    return tf.mean(tf.mul(features, weights));
  };
  const gradients = tf.grads(loss)(learned.map((key) => all[key] as tf.Tensor));
  const squares = new Map(learned.map((key, i) => [key, gradients[i]?.square().sum().dataSync()[0] ?? NaN]));
  const rules = networks[name][1].rules;
  const norm = (stored: string): number =>
    Math.sqrt(
      rules.filter((rule) => rule.stored === stored).reduce((sum, { ours }) => sum + (squares.get(ours) ?? NaN), 0),
    );
  return Object.fromEntries(Object.keys(golden[name].gradientNorms).map((stored) => [stored, norm(stored)]));
}

/** Values as a share of the largest expected one. */
const relative = (values: ArrayLike<number>, expected: readonly number[]): number[] => {
  const largest = Math.max(...expected.map(Math.abs));
  return Array.from(values, (value) => value / largest);
};

const firstOf = (features: tf.Tensor2D): Float32Array =>
  tf.slice(features, [0, 0], [2, Math.min(16, features.shape[1])]).dataSync<'float32'>();

beforeAll(() => {
  registerOnnxBackend();
});

describe.each(['cpu', 'onnxruntime'])('on the %s backend', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  it.each(Object.keys(networks) as Name[])('%s equals the library, in features and gradients', (name) => {
    const { keys, evaluated, trained, gradientNorms: norms } = golden[name];
    const tower = towerFor(name);
    const params = filledByFormula((random) => tower.init(random), networks[name][1], keys);
    const pixels = pixelsOf(golden[name].side);
    const [inEvaluation, inTraining] = [evaluation, training].map((mode) => firstOf(tower.apply(params, pixels, mode)));
    expect(relative(inEvaluation ?? [], evaluated)).toBeAllClose(relative(evaluated, evaluated), 1e-4);
    expect(relative(inTraining ?? [], trained)).toBeAllClose(relative(trained, trained), 1e-3);
    const expected = Object.values(norms);
    const actual = Object.values(gradientNorms(name, params));
    expect(relative(actual, expected)).toBeAllClose(relative(expected, expected), 1e-3);
  });
});

/** The features that the exported graph computes. */
async function servedFeatures(name: Name, params: ParamTree): Promise<tf.Tensor2D> {
  const { side } = golden[name];
  const tower = towerFor(name);
  const held = Object.entries(flattenParams(params)).map(([key, tensor]): [string, HostTensor] => [
    key,
    { dtype: 'float32', shape: tensor.shape, data: tensor.dataSync<'float32'>() },
  ]);
  const model = exportOnnx(
    ({ pixels }, own) => ({ features: tower.apply(unflattenParams(params, own), pixels as tf.Tensor4D, evaluation) }),
    { pixels: { dtype: 'float32', shape: ['batch', side, side, 3] } },
    Object.fromEntries(held),
  );
  const session = await InferenceSession.create(model);
  const pixels = new Tensor('float32', pixelsOf(side).dataSync<'float32'>(), [2, side, side, 3]);
  const { features } = await session.run({ pixels });
  await session.release();
  return tf.tensor2d(features?.data as Float32Array, [2, tower.featureDim]);
}

it.each(Object.keys(networks) as Name[])('the exported graph of %s gives the same features', async (name) => {
  await tf.setBackend('cpu');
  const tower = towerFor(name);
  const params = filledByFormula((random) => tower.init(random), networks[name][1], golden[name].keys);
  const { evaluated } = golden[name];
  const served = firstOf(await servedFeatures(name, params));
  expect(relative(served, evaluated)).toBeAllClose(relative(evaluated, evaluated), 1e-4);
});
