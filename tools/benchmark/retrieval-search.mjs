/**
 * Exact search of @azclip/retrieval beside faiss IndexFlatIP, in one run on the same vectors.
 *   npx nx run retrieval:build && AZCLIP_PYTHON=… node tools/benchmark/retrieval-search.mjs [rows] [dim]
 * AZCLIP_PYTHON names an interpreter with faiss and numpy; without it the first column stands alone.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

import { createRandom } from '../../packages/base/dist/index.js';
import { ExactStore } from '../../packages/retrieval/dist/index.js';

import { median } from './peer.mjs';

const [rows, dim] = [Number(process.argv[2] ?? 100_000), Number(process.argv[3] ?? 512)];
const asked = 500;
const random = createRandom(1);
const vectors = new Float32Array((rows + asked) * dim);
for (let row = 0; row < rows + asked; row += 1) {
  const vector = Float32Array.from({ length: dim }, () => random.normal());
  const norm = Math.hypot(...vector);
  for (let i = 0; i < dim; i += 1) vectors[row * dim + i] = vector[i] / norm;
}
const folder = await mkdtemp(join(tmpdir(), 'benchmark-'));
const store = await ExactStore.open(join(folder, 'store'), { dim, fingerprint: 'benchmark', writable: true });
for (let start = 0; start < rows; start += 10_000) {
  const count = Math.min(10_000, rows - start);
  const item = (i) => ({
    id: `row-${start + i}`,
    vector: vectors.subarray((start + i) * dim, (start + i + 1) * dim),
    metadata: {},
  });
  await store.put(Array.from({ length: count }, (_, i) => item(i)));
}
await store.fold();
const loading = performance.now();
await store.prepare();
const prepared = performance.now() - loading;
const query = (i, count) => vectors.subarray((rows + i) * dim, (rows + i + count) * dim);
async function rate(batch, repeats) {
  const times = [];
  for (let i = 0; i < repeats; i += 1) {
    const start = performance.now();
    await store.search(query(i * batch, batch), { k: 10 });
    times.push(performance.now() - start);
  }
  return (batch * 1000) / median(times);
}
await rate(1, 3);
const [single, batched] = [await rate(1, 40), await rate(100, 5)];
const hits = await store.search(query(0, 100), { k: 10 });
await writeFile(join(folder, 'vectors.f32'), vectors);
const script = join(import.meta.dirname, 'retrieval-search.py');
const args = [script, join(folder, 'vectors.f32'), String(rows), String(dim), String(availableParallelism())];
const { stdout } = spawnSync(process.env.AZCLIP_PYTHON ?? 'python3', args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
const [rates, best] = (stdout ?? '').trim().split('\n');
const [faissSingle, faissBatched] = rates ? rates.split(' ').map(Number) : [];
const truth = best?.split(' ').map((row) => `row-${row}`);
const found = hits.flatMap((ranking) => ranking.map(({ id }) => id));
const recall =
  truth &&
  truth.filter((id, i) => found.slice(Math.floor(i / 10) * 10, Math.floor(i / 10) * 10 + 10).includes(id)).length /
    truth.length;
console.table({
  'single queries / s': {
    azclip: single.toFixed(0),
    faiss: faissSingle?.toFixed(0),
    ratio: (single / faissSingle).toFixed(1),
  },
  'batches of 100, queries / s': {
    azclip: batched.toFixed(0),
    faiss: faissBatched?.toFixed(0),
    ratio: (batched / faissBatched).toFixed(1),
  },
  'recall@10 against faiss': { azclip: recall?.toFixed(4) },
  'loading the scan, ms': { azclip: prepared.toFixed(0) },
});
await store.close();
await rm(folder, { recursive: true });
