import { createRandom } from '@azclip/base';
import { evaluation, flattenParams, unflattenParams, type Mode, type ParamTree } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { imageTowerConfig } from './config.ts';
import { createImageTower } from './create-image-tower.ts';

const small = { name: 'resnet', size: 16, widths: [4, 6, 8], depths: [1, 1, 1] };

const towerOf = (options: object) => createImageTower(imageTowerConfig.parse({ ...small, ...options }));

const pixels = (size = 16): tf.Tensor4D => tf.randomNormal([2, size, size, 3], 0, 1, 'float32', 1);

/** The parameters with other values under some names. */
const changed = (params: ParamTree, values: Readonly<Record<string, tf.Tensor>>): ParamTree =>
  unflattenParams(params, { ...flattenParams(params), ...values });

describe('adaptive feature learning', () => {
  it.each([['average', 8] as const, [{ grid: 2 }, 32] as const])(
    'begins as the plain features, pooling %j',
    async (pooling, dim) => {
      const [plain, adaptive] = [await towerOf({ pooling }), await towerOf({ pooling, adaptive: true })];
      const params = adaptive.init(createRandom(1));
      expect(adaptive.featureDim).toBe(dim);
      const expected = plain.apply(params, pixels(), evaluation).dataSync();
      expect(adaptive.apply(params, pixels(), evaluation).dataSync()).toBeAllClose(expected);
    },
  );

  it('shuts and doubles channels by the gate, in every cell alike', async () => {
    const pooling = { grid: 2 };
    const [plain, adaptive] = [await towerOf({ pooling }), await towerOf({ pooling, adaptive: true })];
    const scores = [-100, 100, 0, 0, 0, 0, 0, 0];
    const params = changed(adaptive.init(createRandom(1)), { 'head.gate.expand.bias': tf.tensor1d(scores) });
    const gates = tf.tensor([0, 2, 1, 1, 1, 1, 1, 1]);
    const expected = tf.mul(tf.reshape(plain.apply(params, pixels(), evaluation), [2, 4, 8]), gates);
    expect(adaptive.apply(params, pixels(), evaluation).dataSync()).toBeAllClose(expected.dataSync());
  });

  it('depends on the content: another image, other gates', async () => {
    const [plain, adaptive] = [await towerOf({}), await towerOf({ adaptive: true })];
    const weight = tf.randomNormal([8, 8], 0, 1, 'float32', 2);
    const params = changed(adaptive.init(createRandom(1)), { 'head.gate.expand.weight': weight });
    const [features, gated] = [plain, adaptive].map((tower) => tower.apply(params, pixels(), evaluation));
    const [first, second] = tf.div(gated as tf.Tensor, features as tf.Tensor).arraySync() as [number[], number[]];
    expect(first).not.toEqual(second);
  });
});

describe('several stages', () => {
  it('weighs the features and the stages before, equally at first', async () => {
    const [plain, fused] = [await towerOf({}), await towerOf({ multiResolution: { kind: 'stages', count: 2 } })];
    const form = fused.init(createRandom(1));
    const zeros = (name: string): tf.Tensor => tf.zerosLike(flattenParams(form)[name] as tf.Tensor);
    const params = changed(form, {
      'head.fusion.maps.0.weight': zeros('head.fusion.maps.0.weight'),
      'head.fusion.maps.1.weight': zeros('head.fusion.maps.1.weight'),
      'head.fusion.maps.1.bias': tf.ones([8]),
    });
    const expected = tf.div(tf.add(plain.apply(params, pixels(), evaluation), 1), 3); // (f + 0 + 1) / 3
    expect(fused.apply(params, pixels(), evaluation).dataSync()).toBeAllClose(expected.dataSync());
  });

  it('reads stages of the widths that they have', async () => {
    const fused = await towerOf({ multiResolution: { kind: 'stages', count: 3 } });
    const shapes = [0, 1, 2].map(
      (i) => flattenParams(fused.init(createRandom(1)))[`head.fusion.maps.${String(i)}.weight`],
    );
    expect(shapes.map((weight) => weight?.shape)).toEqual([[4, 8], [4, 8], [6, 8]]); // prettier-ignore
  });
});

describe('several scales', () => {
  const multiResolution = { kind: 'scales', divisors: [1, 2] };

  it('weighs the features of the image and of the image averaged down', async () => {
    const scaled = await towerOf({ size: 32, multiResolution });
    const [whole, half] = [await towerOf({ size: 32 }), await towerOf({})];
    const params = changed(scaled.init(createRandom(1)), { 'scales.scores': tf.tensor1d([Math.log(3), 0]) });
    const x = pixels(32);
    const [first, second] = [
      whole.apply(params, x, evaluation),
      half.apply(params, tf.avgPool(x, 2, 2, 'valid'), evaluation),
    ];
    const expected = tf.add(tf.mul(first, 0.75), tf.mul(second, 0.25)); // softmax(ln 3, 0)
    expect(scaled.apply(params, x, evaluation).dataSync()).toBeAllClose(expected.dataSync());
  });

  it('moves each running statistic once, by the mean over the scales', async () => {
    const updatesOf = (tower: Awaited<ReturnType<typeof towerOf>>, params: ParamTree, x: tf.Tensor4D) => {
      const updates = new Map<tf.Tensor, number[]>();
      const mode: Mode = {
        training: true,
        keepMask: (shape) => tf.ones([...shape]),
        updateBuffer: (buffer, updated) => updates.set(buffer, [...updated.dataSync()]),
      };
      tower.apply(params, x, mode);
      return updates;
    };
    const [scaled, whole] = [await towerOf({ size: 32, multiResolution }), await towerOf({ size: 32 })];
    const half = await towerOf({});
    const params = scaled.init(createRandom(1));
    const x = pixels(32);
    const mean = flattenParams(params)['stem.norm.runningMean'] as tf.Tensor;
    const both = updatesOf(scaled, params, x).get(mean) ?? [];
    const first = updatesOf(whole, params, x).get(mean) ?? [];
    const second = updatesOf(half, params, tf.avgPool(x, 2, 2, 'valid')).get(mean) ?? [];
    expect(both).toBeAllClose(first.map((value, i) => (value + (second[i] ?? NaN)) / 2));
  });
});

it('has gradients for all that it adds, and frees what it does not return', async () => {
  const tower = await towerOf({ adaptive: true, multiResolution: { kind: 'scales', divisors: [1, 2] } });
  const params = tower.init(createRandom(1));
  const x = pixels();
  const own = flattenParams(params);
  const loss = (scores: tf.Tensor, bias: tf.Tensor): tf.Scalar => {
    const values = { ...own, 'scales.scores': scores, 'head.gate.expand.bias': bias };
    return tf.sum(tower.apply(unflattenParams(params, values), x, evaluation));
  };
  expect(loss).toHaveGradientAt([own['scales.scores'], own['head.gate.expand.bias']]);
  const before = tf.memory().numTensors;
  tower.apply(params, x, evaluation).dispose();
  expect(tf.memory().numTensors).toBe(before);
});

it.each([
  [{ multiResolution: { kind: 'stages', count: 4 } }, 'multiResolution.count: expected at most 3 stages, got 4'],
  [{ multiResolution: { kind: 'stages', count: 2 }, pooling: { grid: 2 } }, 'got a grid'],
  [
    { multiResolution: { kind: 'scales', divisors: [1, 3] } },
    'multiResolution.divisors: expected divisors of 16, got 3',
  ],
  [
    { name: 'vit_b_16', size: 32, multiResolution: { kind: 'scales' } },
    'multiResolution.kind: expected stages, as vit_b_16',
  ],
  [{ name: 'resnet50', freeze: 'all', adaptive: true }, 'freeze: expected a number of stages'],
])('refuses %j', async (options, message) => {
  const base = 'name' in options ? {} : small;
  await expect(createImageTower(imageTowerConfig.parse({ ...base, ...options }))).rejects.toThrow(message);
});
