/** Holds the image networks against torchvision and timm at full size: parameters filled by formula, features in both
 * modes and one gradient through the compiled engine, worst differences printed.
 *
 *   node --conditions=@azclip/source --import ./tools/fixtures/typescript-loader.mjs tools/parity/image.ts [part of a name]
 *
 * Features and gradient norms are held against the largest of them; the last column holds each norm against itself, which
 * in ResNet-50, trained by batches of two, even PyTorch's float32 meets to 6e-3 only (4e-3 here).
 *
 * Needs ../shared/golden, about 6 GB of memory and half a minute a network. */
import { readdirSync } from 'node:fs';

import type { Random } from '@azclip/base';
import {
  createImageTower,
  imageTowerConfig,
  namedNetwork,
  type ImageTower,
  type NamedConfig,
} from '@azclip/encoders-image';
import { evaluation, flattenParams, isBuffer, unflattenParams, type Mode, type ParamTree } from '@azclip/nn';
import { compile, type HostTensor } from '@azclip/onnx';
import { matchKeys, toOurs, type KeyMap } from '@azclip/weights';
import * as tf from '@tensorflow/tfjs';

import { formulaTensor, unitValues } from './formula.ts';
import { decodeFloats, goldenFolder, readGolden, worstDifference, worstNorm, type Golden } from './golden.ts';

/** The parameters are overwritten: nothing is gained by drawing them. */
const zeros: Random = { uniform: () => 0.5, normal: () => 0, integer: () => 0, fork: () => zeros };

/** The config of each golden file, by the library's name of the network; stochastic depth is off in them. */
const configs: Readonly<Record<string, object>> = {
  resnet50: { name: 'resnet50' },
  efficientnet_b0: { name: 'efficientnet_b0', stochasticDepth: 0 },
  vit_b_16: { name: 'vit_b_16' },
  vit_base_patch16_224: { name: 'vit_b_16' },
  swin_t: { name: 'swin_t', stochasticDepth: 0 },
  swin_tiny_patch4_window7_224: { name: 'swin_t', stochasticDepth: 0 },
  convnext_tiny: { name: 'convnext_tiny', stochasticDepth: 0 },
  mobilenet_v3_large: { name: 'mobilenet_v3_large' },
  mobilenetv3_large_100: { name: 'mobilenet_v3_large', library: 'timm' },
};

/** Training without chance: dropout is off in the golden files, and the statistics are left as they are. */
const training: Mode = {
  training: true,
  keepMask: (shape) => tf.ones([...shape]),
  updateBuffer: () => undefined,
};

type Shapes = Readonly<Record<string, readonly number[]>>;

/** The one map that knows every key of the file. */
function fittingMap(maps: readonly KeyMap[], golden: Golden, shapes: Shapes): KeyMap {
  const stored = Object.entries(golden.keys).map(([name, shape]) => ({ name, shape }));
  const failures: string[] = [];
  for (const map of maps) {
    try {
      matchKeys(map, stored, shapes);
      return map;
    } catch (error) {
      failures.push((error as Error).message);
    }
  }
  throw new Error(failures.join('\n'));
}

function formulaParams(golden: Golden, map: KeyMap, shapes: Shapes): Record<string, HostTensor> {
  const stored = Object.entries(golden.keys).map(([name, shape]) => ({ name, shape }));
  const params: Record<string, HostTensor> = {};
  for (const [name, matches] of matchKeys(map, stored, shapes)) {
    const shape = golden.keys[name] ?? [];
    const data = formulaTensor(name, shape);
    for (const match of matches) {
      const ours = toOurs({ data, shape }, match);
      params[ours.name] = { dtype: 'float32', shape: ours.shape, data: ours.data as Float32Array };
    }
  }
  return params;
}

/** Features in both modes, the loss mean(features ⊙ weights) in training, and the squared norm of each gradient. */
function featuresAndGradients(tower: ImageTower, form: ParamTree, weights: tf.Tensor) {
  const names = Object.keys(flattenParams(form));
  const learned = names.filter((name) => !isBuffer(name));
  return (inputs: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> => {
    const pixels = inputs['pixels'] as tf.Tensor4D;
    const own = Object.fromEntries(names.map((name) => [name, inputs[name] as tf.Tensor]));
    const loss = (...values: tf.Tensor[]): tf.Scalar => {
      const changed = Object.fromEntries(learned.map((name, i) => [name, values[i] as tf.Tensor]));
      return tf.mean(tf.mul(tower.apply(unflattenParams(form, { ...own, ...changed }), pixels, training), weights));
    };
    const { value, grads } = tf.valueAndGrads(loss)(learned.map((name) => own[name] as tf.Tensor));
    const norms = learned.map((name, i) => [`norm ${name}`, tf.sum(tf.square(grads[i] as tf.Tensor))] as const);
    const params = unflattenParams(form, own);
    return {
      loss: value,
      evaluated: tower.apply(params, pixels, evaluation),
      trained: tower.apply(params, pixels, training),
      ...Object.fromEntries(norms),
    };
  };
}

/** The golden input [2, 3, 224, 224] as pixels [2, 224, 224, 3]. */
function pixels(): HostTensor {
  const values = unitValues('input', 2 * 3 * 224 * 224);
  const data = new Float32Array(values.length);
  for (let i = 0; i < data.length; i += 1) {
    const [image, rest] = [Math.floor(i / (224 * 224 * 3)), i % (224 * 224 * 3)];
    data[i] = 1.5 * (values[image * 224 * 224 * 3 + (rest % 3) * 224 * 224 + Math.floor(rest / 3)] ?? 0);
  }
  return { dtype: 'float32', shape: [2, 224, 224, 3], data };
}

/** Norm of each stored gradient: several of ours may be stored as one. */
function storedNorms(map: KeyMap, golden: Golden, squared: (ours: string) => number): Record<string, number> {
  const norms: Record<string, number> = {};
  for (const stored of Object.keys(golden.train_grad_norms as object)) {
    const ours = map.rules.filter((rule) => rule.stored === (map.canonical?.(stored) ?? stored));
    norms[stored] = Math.sqrt(ours.reduce((sum, rule) => sum + squared(rule.ours), 0));
  }
  return norms;
}

async function check(file: string): Promise<Record<string, unknown>> {
  const golden = readGolden(file);
  const config = imageTowerConfig.parse(configs[golden.name]) as NamedConfig;
  const tower = await createImageTower(config);
  const form = tower.init(zeros);
  const shapes = Object.fromEntries(Object.entries(flattenParams(form)).map(([name, { shape }]) => [name, shape]));
  tf.dispose(flattenParams(form));
  const map = fittingMap(namedNetwork(config).keyMaps, golden, shapes);
  const params = formulaParams(golden, map, shapes);
  const count = Object.entries(params).reduce((sum, [name, { data }]) => sum + (isBuffer(name) ? 0 : data.length), 0);
  const weights = Float32Array.from(unitValues('R', 2 * tower.featureDim));
  const compiled = compile(featuresAndGradients(tower, form, tf.tensor2d(weights, [2, tower.featureDim])));
  const results = await compiled.run({ ...params, pixels: pixels() });
  compiled.dispose();
  const data = (name: string): ArrayLike<number> => results[name]?.data ?? [];
  const norms = storedNorms(map, golden, (name) => data(`norm ${name}`)[0] ?? NaN);
  const expected = golden['train_grad_norms'] as Record<string, number>;
  return {
    map: map.name,
    parameters: count === golden.parameters ? count : `${String(count)}, expected ${String(golden.parameters)}`,
    'evaluation features': worstDifference(data('evaluated'), decodeFloats(golden['eval_features'])),
    'training features': worstDifference(data('trained'), decodeFloats(golden['train_features'])),
    'gradient norms': worstDifference(Object.values(norms), Object.values(expected)),
    '… each by itself': worstNorm(norms, expected),
  };
}

const wanted = process.argv[2] ?? '';
const files = readdirSync(goldenFolder).filter((file) => /^(?:torchvision|timm)-/u.test(file) && file.includes(wanted));
const table: Record<string, unknown> = {};
for (const file of files) table[file] = await check(file);
console.table(table);
