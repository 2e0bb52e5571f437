/** Images a second from files to an index, beside PyTorch decoding and embedding the same files by the same network (eager
 * float32, Pillow, one process) on the same cores. Both sides take turns; the table shows medians.
 *
 *   AZCLIP_PYTHON=… node --conditions=@azclip/source --import ./tools/fixtures/typescript-loader.mjs tools/benchmark/retrieval-index.ts [network] [images] [rounds]
 *
 * The photographs are drawn: coloured noise, 500 × 375. The PyTorch side runs where AZCLIP_PYTHON, or python3, has torchvision. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

import { createRandom } from '@azclip/base';
import { createImageTower, imageTowerConfig } from '@azclip/encoders-image';
import { evaluation, flattenParams, unflattenParams } from '@azclip/nn';
import { exportOnnx } from '@azclip/onnx';
import { createModelConfig, openForIndexing, openModel } from '@azclip/retrieval';
import { updateIndex } from '@azclip/retrieval/indexing';
import * as tf from '@tensorflow/tfjs';
import sharp from 'sharp';

import { median, startPython } from './peer.mjs';

const [name = 'resnet50', count = '128', rounds = '5'] = process.argv.slice(2);
const threads = availableParallelism();
const batch = 32;

/** Draws photographs: noise enlarged, so that decoders have work to do. */
async function drawPhotos(folder: string): Promise<void> {
  await mkdir(folder);
  const random = createRandom(1);
  for (let i = 0; i < Number(count); i += 1) {
    const noise = Uint8Array.from({ length: 50 * 38 * 3 }, () => random.integer(256));
    const image = sharp(noise, { raw: { width: 50, height: 38, channels: 3 } }).resize(500, 375);
    await image.jpeg({ quality: 90 }).toFile(join(folder, `${String(i).padStart(4, '0')}.jpg`));
  }
}

/** Writes a model folder around the network; no text is embedded. */
async function writeModel(folder: string): Promise<void> {
  await mkdir(folder);
  await tf.setBackend('cpu');
  const tower = await createImageTower(imageTowerConfig.parse({ name }));
  const params = tower.init(createRandom(1));
  const constants = Object.fromEntries(
    Object.entries(flattenParams(params)).map(([key, tensor]) => [
      key,
      { dtype: 'float32' as const, shape: tensor.shape, data: tensor.dataSync() as Float32Array },
    ]),
  );
  const image = exportOnnx(
    ({ pixels }, held) => {
      const features = tower.apply(unflattenParams(params, held), pixels as tf.Tensor4D, evaluation);
      return { features: tf.div(features, tf.norm(features, 2, 1, true)) };
    },
    { pixels: { dtype: 'float32', shape: ['batch', 224, 224, 3] } },
    constants,
  );
  const settings = { imageTower: name, textTower: 'none', embedDim: tower.featureDim, contextLength: 8, logitScale: 1 };
  const { size, resize, fit, interpolation, mean, std } = tower.preprocessing;
  const preprocessing = { size, resize, fit, interpolation, mean: [...mean], std: [...std] } as never;
  const parts = { image, text: new Uint8Array(0), tokenizer: '{}', preprocessing };
  const config = createModelConfig({ ...settings, language: 'az', lowercase: true }, parts);
  await writeFile(join(folder, 'image.onnx'), image);
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
}

const folder = await mkdtemp(join(tmpdir(), 'index-rate-'));
const photos = join(folder, 'photos');
await drawPhotos(photos);
await writeModel(join(folder, 'model'));
const model = await openModel(join(folder, 'model'), { threads });

/** Seconds of a whole index. */
async function indexOnce(round: number): Promise<number> {
  const start = performance.now();
  const index = await openForIndexing(join(folder, `index-${String(round)}`), photos, model.config);
  for await (const { rejected } of updateIndex(index, model, { batch })) {
    if (rejected.length > 0) throw new Error(rejected[0]?.reason);
  }
  await index.store.close();
  return (performance.now() - start) / 1000;
}

const torch = await startPython('retrieval-index.py', [name, photos, threads, batch]);
const times = { ours: [] as number[], torch: [] as number[] };
for (let round = -1; round < Number(rounds); round += 1) {
  const ours = await indexOnce(round);
  const theirs = torch && Number(await torch.ask());
  if (round < 0) continue; // warms up
  times.ours.push(ours);
  if (theirs !== undefined) times.torch.push(theirs);
}
torch?.stop();
await model.dispose();
await rm(folder, { recursive: true });
const rate = (seconds: readonly number[]): string => (Number(count) / median(seconds)).toFixed(1);
console.table({
  [`${name}, images/s`]: {
    'retrieval:index': rate(times.ours),
    ...(torch && {
      [torch.greeting]: rate(times.torch),
      'times as fast': median(times.torch.map((time, i) => time / (times.ours[i] ?? NaN))).toFixed(2),
    }),
  },
});
