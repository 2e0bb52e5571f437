/** Images a second of the image networks through their exported graphs, batch norm folded, beside PyTorch eager float32 on
 * the same cores. Both sides take turns, so that what else the machine does meets both; the table shows medians.
 *
 *   node --conditions=@azclip/source --import ./tools/fixtures/typescript-loader.mjs tools/benchmark/image-inference.ts [rounds] [name]
 *
 * The PyTorch side runs where AZCLIP_PYTHON, or python3, has torchvision. */
import { availableParallelism } from 'node:os';

import { createRandom } from '@azclip/base';
import { createImageTower, imageTowerConfig } from '@azclip/encoders-image';
import { evaluation, flattenParams, unflattenParams } from '@azclip/nn';
import { exportOnnx } from '@azclip/onnx';
import * as tf from '@tensorflow/tfjs';
import { InferenceSession, Tensor } from 'onnxruntime-node';

import { median, rest, startPython } from './peer.mjs';

const batch = 16;
const threads = availableParallelism();
const rounds = Number(process.argv[2] ?? 7);
/** The networks, and how many times PyTorch's speed each should reach: those with batch norm gain by its folding. */
const wanted = { resnet50: 2, efficientnet_b0: 2, vit_b_16: 1, swin_t: 1, convnext_tiny: 1, mobilenet_v3_large: 2 };

/** The network as the exported graph of a model folder, loaded. */
async function exported(name: string): Promise<InferenceSession> {
  const tower = await createImageTower(imageTowerConfig.parse({ name }));
  const params = tower.init(createRandom(1));
  const constants = Object.fromEntries(
    Object.entries(flattenParams(params)).map(([key, { shape, dataSync }]) => [
      key,
      { dtype: 'float32' as const, shape, data: dataSync.call(flattenParams(params)[key]) as Float32Array },
    ]),
  );
  const model = exportOnnx(
    ({ pixels }, held) => ({ features: tower.apply(unflattenParams(params, held), pixels as tf.Tensor4D, evaluation) }),
    { pixels: { dtype: 'float32', shape: ['batch', 224, 224, 3] } },
    constants,
  );
  tf.dispose(flattenParams(params));
  return InferenceSession.create(model, { intraOpNumThreads: threads });
}

const perSecond = (times: readonly number[]): number => Math.round((batch * 10_000) / median(times)) / 10;

const torch = await startPython('image-inference.py', [threads, batch]);
const random = createRandom(2);
const pixels = Float32Array.from({ length: batch * 224 * 224 * 3 }, () => random.normal());
const feeds = { pixels: new Tensor('float32', pixels, [batch, 224, 224, 3]) };
const table: Record<string, unknown> = {};
for (const [name, least] of Object.entries(wanted).filter(([each]) => each.includes(process.argv[3] ?? ''))) {
  const session = await exported(name);
  const times = { ours: [] as number[], torch: [] as number[] };
  for (let round = -2; round < rounds; round += 1) {
    await rest();
    const start = performance.now();
    await session.run(feeds);
    const ours = performance.now() - start;
    await rest();
    const theirs = torch && Number(await torch.ask(name));
    if (round < 0) continue; // warms up
    times.ours.push(ours);
    if (theirs !== undefined) times.torch.push(theirs);
  }
  await session.release();
  const ratio = median(times.torch.map((time, i) => time / (times.ours[i] ?? NaN)));
  const beside = torch && {
    [torch.greeting]: perSecond(times.torch),
    ratio: Math.round(100 * ratio) / 100,
    'at least': least,
  };
  table[name] = { 'exported graph, images/s': perSecond(times.ours), ...beside };
}
torch?.stop();
console.table(table);
