import { InputError } from '@azclip/base';
import { evaluation, globalAveragePool } from '@azclip/nn';
import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';

import { tfjsConfig } from '../config.ts';
import { tfjsTower } from './tfjs-tower.ts';

const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'azclip-'));

const tower = (folder: string, options: object = {}) =>
  tfjsTower(tfjsConfig.parse({ name: 'tfjs', folder, size: 16, ...options }));

const pixels = (): tf.Tensor4D => tf.randomNormal([2, 16, 16, 3], 0, 1, 'float32', 1);

/** A convolution to 4 × 4 × 5 inside a model of its own, then average pooling and a dense head. */
function layersModel(backbone = tf.sequential({ name: 'backbone' })): tf.Sequential {
  backbone.add(tf.layers.conv2d({ name: 'stem', filters: 5, kernelSize: 4, strides: 4, inputShape: [16, 16, 3] }));
  backbone.add(tf.layers.batchNormalization({ name: 'norm' }));
  backbone.add(tf.layers.reLU({ name: 'last', maxValue: 6 }));
  const whole = tf.sequential({ layers: [backbone] });
  whole.add(tf.layers.globalAveragePooling2d({ name: 'pooled' }));
  whole.add(tf.layers.dense({ name: 'classes', units: 3 }));
  return whole;
}

async function savedFolder(model: tf.LayersModel): Promise<string> {
  const folder = await newFolder();
  await model.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs = [], weightData }) => {
      const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
      await writeFile(join(folder, 'model.json'), JSON.stringify({ modelTopology, weightsManifest }));
      await writeFile(join(folder, 'weights.bin'), new Uint8Array(weightData as ArrayBuffer));
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  return folder;
}

it('pools the last feature map of a layers model, the head dropped', async () => {
  const backbone = tf.sequential();
  const loaded = await tower(await savedFolder(layersModel(backbone)));
  const expected = globalAveragePool(backbone.predict(pixels()) as tf.Tensor4D);
  expect(loaded.featureDim).toBe(5);
  expect(loaded.init({} as never)).toEqual({});
  expect(loaded.apply({}, pixels(), evaluation).dataSync()).toBeAllClose(expected.dataSync());
});

it('ends at a named layer, a map or a row', async () => {
  const model = layersModel();
  const folder = await savedFolder(model);
  const atRow = await tower(folder, { layer: 'classes' });
  expect(atRow.apply({}, pixels(), evaluation).dataSync()).toBeAllClose(
    (model.predict(pixels()) as tf.Tensor).dataSync(),
  );
  expect((await tower(folder, { layer: 'stem', pooling: { grid: 4 } })).grid).toEqual({
    rows: 4,
    columns: 4,
    channels: 5,
  });
});

it('has a fingerprint of weights, cut and pooling', async () => {
  const model = layersModel();
  const folder = await savedFolder(model);
  const prints = [
    await tower(folder, { layer: 'last' }),
    await tower(folder, { layer: 'stem' }),
    await tower(folder, { layer: 'last', pooling: { grid: 2 } }),
    await tower(await savedFolder(layersModel()), { layer: 'last' }),
  ].map(({ fingerprint }) => fingerprint);
  expect(new Set(prints).size).toBe(4);
  expect((await tower(await savedFolder(model), { layer: 'last' })).fingerprint).toBe(prints[0]);
});

it('frees the weights when disposed', async () => {
  const folder = await savedFolder(layersModel());
  const before = tf.memory().numTensors;
  const loaded = await tower(folder);
  loaded.apply({}, tf.zeros([1, 16, 16, 3]), evaluation).dispose();
  loaded.dispose();
  expect(tf.memory().numTensors - before).toBeLessThanOrEqual(1); // the zeros
});

it('runs a graph model', async () => {
  const folder = await newFolder();
  const node = (name: string, op: string, input: string[], attr: object) => ({ name, op, input, attr });
  const type = { T: { type: 'DT_FLOAT' } };
  const modelTopology = {
    node: [
      node('image', 'Placeholder', [], { dtype: { type: 'DT_FLOAT' } }),
      node('filter', 'Const', [], { dtype: { type: 'DT_FLOAT' } }),
      node('conv', 'Conv2D', ['image', 'filter'], {
        ...type,
        strides: { list: { i: ['1', '4', '4', '1'] } },
        padding: { s: Buffer.from('VALID').toString('base64') },
        data_format: { s: Buffer.from('NHWC').toString('base64') },
        dilations: { list: { i: ['1', '1', '1', '1'] } },
      }),
      node('features', 'Relu', ['conv'], type),
    ],
    versions: { producer: 1 },
  };
  const weightsManifest = [{ paths: ['w'], weights: [{ name: 'filter', shape: [4, 4, 3, 2], dtype: 'float32' }] }];
  const filter = tf.randomNormal<tf.Rank.R4>([4, 4, 3, 2], 0, 1, 'float32', 2);
  await writeFile(
    join(folder, 'model.json'),
    JSON.stringify({ format: 'graph-model', modelTopology, weightsManifest }),
  );
  await writeFile(join(folder, 'w'), new Uint8Array((await filter.data()).buffer));
  const expected = globalAveragePool(tf.relu(tf.conv2d(pixels(), filter, 4, 'valid')));
  expect((await tower(folder)).apply({}, pixels(), evaluation).dataSync()).toBeAllClose(expected.dataSync());
  await expect(tower(folder, { layer: 'nowhere' })).rejects.toThrow(/model\.json: node "nowhere"/u);
});

describe('a folder that is not as it should be', () => {
  it.each([
    ['no model', 'model.json', undefined, /model\.json: expected a readable file, got ENOENT/u],
    ['no JSON', 'model.json', 'weights', /model\.json: expected JSON, got "weights"/u],
    ['no weights listed', 'model.json', '{"modelTopology":{}}', /model\.json: weightsManifest: /u],
    ['weights cut short', 'weights.bin', 'abcd', /weights\.bin: expected \d+ bytes of weights .* got 4/u],
  ])('%s', async (_, file, content, message) => {
    const folder = await newFolder();
    if (content !== undefined) {
      await cp(await savedFolder(layersModel()), folder, { recursive: true });
      await writeFile(join(folder, file), content);
    }
    await expect(tower(folder)).rejects.toThrow(message);
    await expect(tower(folder)).rejects.toBeInstanceOf(InputError);
  });

  it('a layer that is not there, a grid finer than the map', async () => {
    const folder = await savedFolder(layersModel());
    await expect(tower(folder, { layer: 'block_7' })).rejects.toThrow(/model\.json: expected block_7, found none/u);
    await expect(tower(folder, { pooling: { grid: 5 } })).rejects.toThrow(
      /at least 5 cells a side, got \[1, 4, 4, 5\]/u,
    );
  });

  it('a topology that TF.js cannot read', async () => {
    const folder = await savedFolder(layersModel());
    const text = await readFile(join(folder, 'model.json'), 'utf8');
    await writeFile(join(folder, 'model.json'), text.replace('"ReLU"', '"Nonsense"'));
    await expect(tower(folder)).rejects.toThrow(/model\.json: expected a TF\.js model, got: .*Nonsense/u);
  });
});

const mobilenet = join(import.meta.dirname, '../../../../../shared/data/mobilenetv2-035');

(existsSync(mobilenet) ? it : it.skip)(`real ImageNet weights (needs ${mobilenet})`, async () => {
  const loaded = await tower(mobilenet, { size: 96, pooling: { grid: 3 } });
  const x = tf.fill<tf.Rank.R4>([1, 96, 96, 3], 0.25);
  const [first, second] = [loaded.apply({}, x, evaluation), loaded.apply({}, x, evaluation)];
  expect(loaded).toMatchObject({ featureDim: 9 * 1280, grid: { rows: 3, columns: 3, channels: 1280 } });
  expect(first.dataSync()).toEqual(second.dataSync());
  expect([first.min().dataSync()[0], first.max().dataSync()[0]]).toEqual([0, expect.any(Number)]); // ends in ReLU6
  expect(first.max().dataSync()[0]).toBeLessThanOrEqual(6);
});
