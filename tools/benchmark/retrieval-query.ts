/** Milliseconds of a query tower of mBERT's size, 1 × 16 tokens, through its exported graph in float32, 16 and 8 bits, beside
 * PyTorch eager float32 on the same cores, each run as `openModel` runs it. The sides take turns of ten queries in a row, with a
 * pause between them in which their threads fall asleep: PyTorch's wait busily for a while and would take the cores from
 * the next. Medians of the turns' medians.
 *
 *   AZCLIP_PYTHON=… node --conditions=@azclip/source --import ./tools/fixtures/typescript-loader.mjs tools/benchmark/retrieval-query.ts [rounds] [threads]
 *
 * Weights are random: they decide no time. The vocabulary is of 8,000 pieces, since rows that are not looked up cost
 * nothing either. The PyTorch side runs where AZCLIP_PYTHON, or python3, has torch and transformers. */
import { availableParallelism } from 'node:os';

import { createRandom } from '@azclip/base';
import { createTextTower, textTowerConfig } from '@azclip/encoder-text';
import { evaluation, flattenParams, unflattenParams } from '@azclip/nn';
import { exportOnnx, halveWeights, quantizeInt8 } from '@azclip/onnx';
import * as tf from '@tensorflow/tfjs';
import { InferenceSession, Tensor } from 'onnxruntime-node';

import { sessionOptions } from '../../packages/retrieval/src/graph/session-options.ts';
import { median, rest, startPython } from './peer.mjs';

const QUERIES_OF_A_TURN = 10;
const tokens = 16;
const vocabulary = 8000;
const rounds = Number(process.argv[2] ?? 21);
const threads = Number(process.argv[3] ?? availableParallelism());

/** The tower as a file. */
async function exported(): Promise<Uint8Array> {
  await tf.setBackend('cpu');
  const tower = createTextTower(textTowerConfig.parse({ name: 'bert', pooling: 'mean' }), vocabulary);
  const params = tower.init(createRandom(1));
  const flat = flattenParams(params);
  const constants = Object.fromEntries(
    Object.entries(flat).map(([name, tensor]) => [
      name,
      { dtype: 'float32' as const, shape: tensor.shape, data: tensor.dataSync() as Float32Array },
    ]),
  );
  const apply = (held: Record<string, tf.Tensor>, ids: tf.Tensor, mask: tf.Tensor): tf.Tensor =>
    tower.apply(unflattenParams(params, held), { ids: ids as tf.Tensor2D, mask: mask as tf.Tensor2D }, evaluation);
  const axes = ['batch', 'tokens'];
  const inputs = { ids: { dtype: 'int32', shape: axes }, mask: { dtype: 'float32', shape: axes } } as const;
  return exportOnnx(
    ({ ids, mask }, held) => ({ features: apply(held, ids as tf.Tensor, mask as tf.Tensor) }),
    inputs,
    constants,
  );
}

const rounded = (value: number, places: number): number => Math.round(value * 10 ** places) / 10 ** places;

const file = await exported();
const files = { float32: file, fp16: halveWeights(file), int8: quantizeInt8(file) };
const sides = [];
for (const [name, bytes] of Object.entries(files)) {
  const session = await InferenceSession.create(bytes, sessionOptions(threads));
  sides.push({ name, size: bytes.length, session, times: [] as number[] });
}
const ids = Int32Array.from({ length: tokens }, (_, i) => 100 + 7 * i);
const feeds = {
  ids: new Tensor('int32', ids, [1, tokens]),
  mask: new Tensor('float32', new Float32Array(tokens).fill(1), [1, tokens]),
};
const torch = await startPython('retrieval-query.py', [threads, vocabulary]);
const theirs: number[] = [];

/** The median time of one side's turn. @param query - answers one query. @returns milliseconds. */
async function turn(query: () => Promise<number>): Promise<number> {
  await rest();
  const times: number[] = [];
  for (let i = 0; i < QUERIES_OF_A_TURN; i += 1) times.push(await query());
  return median(times);
}

for (let round = -1; round < rounds; round += 1) {
  for (const { session, times } of sides) {
    const time = await turn(async () => {
      const start = performance.now();
      await session.run(feeds);
      return performance.now() - start;
    });
    if (round >= 0) times.push(time); // the first warms up
  }
  if (!torch) continue;
  const time = await turn(async () => Number(await torch.ask()));
  if (round >= 0) theirs.push(time);
}
torch?.stop();
console.table({
  ...Object.fromEntries(
    sides.map(({ name, size, times }) => [
      name,
      {
        ms: rounded(median(times), 1),
        'MiB of the file': rounded(size / 2 ** 20, 0),
        ...(torch && { 'times as fast': rounded(median(theirs.map((time, i) => time / (times[i] ?? NaN))), 2) }),
      },
    ]),
  ),
  ...(torch && { [torch.greeting]: { ms: rounded(median(theirs), 1) } }),
});
