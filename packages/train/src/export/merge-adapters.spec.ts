import { createRandom } from '@azclip/base';
import { createTextTower, textTowerConfig } from '@azclip/encoder-text';
import { createImageTower, imageTowerConfig } from '@azclip/encoders-image';
import { evaluation, flattenParams, normalTensor, unflattenParams, type ParamTree } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';
import { InferenceSession, Tensor } from 'onnxruntime-node';

import { parseFitConfig } from '../config.ts';
import { createDualEncoder, type DualEncoderParams } from '../model/dual-encoder.ts';
import { withLora } from '../model/with-lora.ts';
import { downloadAll } from '../step/host-tensors.ts';
import { mergeAdapters } from './merge-adapters.ts';
import { traceTowers } from './trace-towers.ts';

const bert = { name: 'bert', layers: 2, hidden: 8, heads: 2, ffn: 16, maxPosition: 8, contextLength: 8 };
const config = parseFitConfig({
  name: 'adapted',
  data: { reader: 'scenes' },
  image: { tower: { name: 'resnet', size: 16, widths: [4], depths: [1] } },
  text: { tower: { ...bert, pooling: 'pooler' }, lora: { rank: 2, targets: ['query', 'value', 'up'] } },
  projection: { head: 'linear', dim: 6 },
});

/** The dual encoder and parameters whose adapters have learned something. */
async function adapted() {
  const { lora } = config.text;
  if (!lora) throw new Error('expected adapters');
  const text = withLora(createTextTower(textTowerConfig.parse(config.text.tower), 12), lora);
  const model = createDualEncoder(await createImageTower(imageTowerConfig.parse(config.image.tower)), text, config);
  const fresh = model.init(createRandom(1)) as unknown as ParamTree;
  const named = flattenParams(fresh);
  const ups = Object.keys(named).filter((name) => name.endsWith('lora.up'));
  const learned = ups.map((name, i) => [name, normalTensor(named[name]?.shape ?? [], 0.3, createRandom(i))] as const);
  const template = unflattenParams(fresh, { ...named, ...Object.fromEntries(learned) }) as unknown as DualEncoderParams;
  return { model, template, adapters: ups.length };
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

it('writes towers without adapters, whose features are those of the adapted ones', async () => {
  const { model, template, adapters } = await adapted();
  expect(adapters).toBe(6);
  const params = await downloadAll(flattenParams(template as unknown as ParamTree));
  const merged = await mergeAdapters(config, { template, params });
  expect(Object.keys(merged.params).filter((name) => name.includes('lora'))).toEqual([]);
  const { text } = traceTowers({ model, template: merged.template }, merged.params);
  expect(Buffer.from(text).includes('lora')).toBe(false); // all weights stand in the file by their names
  const ids = Int32Array.of(2, 5, 7, 3, 2, 9, 3, 0);
  const mask = Float32Array.of(1, 1, 1, 1, 1, 1, 1, 0);
  const session = await InferenceSession.create(text);
  const { features } = await session.run({
    ids: new Tensor('int32', ids, [2, 4]),
    mask: new Tensor('float32', mask, [2, 4]),
  });
  await session.release();
  const tokens = { ids: tf.tensor2d(ids, [2, 4], 'int32'), mask: tf.tensor2d(mask, [2, 4]) };
  const expected = model.encodeTexts(template, tokens, evaluation).dataSync();
  expect(features?.data).toBeAllClose(expected, 1e-5);
});
