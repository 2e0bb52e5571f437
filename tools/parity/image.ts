/** Image networks beside torchvision and timm at full size: features of the exported graph and of both modes, gradients. */
import {
  createImageTower,
  imageTowerConfig,
  namedNetwork,
  type ImageTower,
  type NamedConfig,
} from '@azclip/encoders-image';
import { evaluation, flattenParams, isBuffer, unflattenParams, type Mode, type ParamTree } from '@azclip/nn';
import { compile, exportOnnx, type HostTensor } from '@azclip/onnx';
import { matchKeys, type KeyMap } from '@azclip/weights';
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

/** The exported graph's features, as serving computes them. */
function servedFeatures(tower: ImageTower, form: ParamTree, params: Readonly<Record<string, HostTensor>>) {
  const model = exportOnnx(
    ({ pixels: images }, held) => ({
      features: tower.apply(unflattenParams(form, held), images as tf.Tensor4D, evaluation),
    }),
    { pixels: { dtype: 'float32', shape: ['batch', 224, 224, 3] } },
    params,
  );
  return exportedFeatures(model, { pixels: pixels() });
}

/** Holds the network of a golden file against it. */
export async function compareImageNetwork(file: string): Promise<readonly Comparison[]> {
  const golden = readGolden(file);
  const config = imageTowerConfig.parse(configs[golden.name]) as NamedConfig;
  const tower = await createImageTower(config);
  const form = tower.init(zeros);
  const shapes = Object.fromEntries(Object.entries(flattenParams(form)).map(([name, { shape }]) => [name, shape]));
  tf.dispose(flattenParams(form));
  const map = fittingMap(namedNetwork(config).keyMaps, golden, shapes);
  const params = formulaParams(map, golden, shapes);
  const count = Object.entries(params).reduce((sum, [name, { data }]) => sum + (isBuffer(name) ? 0 : data.length), 0);
  const weights = Float32Array.from(unitValues('R', 2 * tower.featureDim));
  const compiled = compile(featuresAndGradients(tower, form, tf.tensor2d(weights, [2, tower.featureDim])));
  const results = await compiled.run({ ...params, pixels: pixels() });
  compiled.dispose();
  const data = (name: string): ArrayLike<number> => results[name]?.data ?? [];
  const norms = storedNorms(map, golden, (name) => data(`norm ${name}`)[0] ?? NaN);
  const evaluated = decodeFloats(golden['eval_features']);
  const served = await servedFeatures(tower, form, params);
  return [
    { what: 'number of parameters', worst: Math.abs(count - golden.parameters), limit: 0 },
    { what: 'features', worst: worstDifference(data('evaluated'), evaluated), limit: 1e-4 },
    { what: '… of the exported graph', worst: worstDifference(served, evaluated), limit: 1e-4 },
    {
      what: 'features in training',
      worst: worstDifference(data('trained'), decodeFloats(golden['train_features'])),
      limit: 1e-3,
    },
    ...normComparisons(norms, golden['train_grad_norms'] as Record<string, number>),
  ];
}
