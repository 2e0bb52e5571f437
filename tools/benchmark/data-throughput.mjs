// How fast the data road makes pixels: decode, random resized crop to 224, flip, normalise to float32, with one and two
// worker threads, beside torchvision + Pillow in one process, in turns of one run.
//   node tools/benchmark/data-throughput.mjs                  throughput
//   node tools/benchmark/data-throughput.mjs --waiting        how long steps of different lengths wait for their batch
//   node tools/benchmark/data-throughput.mjs --images 100000  resident memory, at 64 × 64; with --collected what is kept: garbage
//                                                             is collected in every thread each second
// Needs a build. Photographs: ../shared/data/flickr8k (224 × 224) and ../shared/data/webdataset (odd sizes). torchvision runs where
// AZCLIP_PYTHON, or python3, has it. "per processor second" counts the time of all threads: it is what a busy machine cannot blur.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { createRandom } from '@azclip/base';
import { augmentationConfig, pixelBatches, PixelPool, uniqueBatches } from '@azclip/data';

import { median } from './peer.mjs';

const SIZE = 224;
const COUNT = 1024;
const BATCH = 64;
const ROUNDS = 3;
const preprocessingOf = (size) => ({
  size,
  resize: size,
  fit: 'crop',
  interpolation: 'bilinear',
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
});
const augmentation = augmentationConfig.parse([{ op: 'randomResizedCrop' }, { op: 'flip' }]);
const sets = {
  'Flickr8k, 224 × 224': '../shared/data/flickr8k/images',
  'photographs of odd sizes': '../shared/data/webdataset/images',
};

const filesOf = (folder) => {
  const names = readdirSync(folder);
  return Array.from({ length: COUNT }, (_, i) => join(folder, names[i % names.length]));
};

const pairsOf = (files) => files.map((path, i) => ({ imageId: String(i), image: { path }, captions: ['x'] }));

async function load(pool, files, epoch, size = SIZE) {
  const batches = uniqueBatches(pairsOf(files), { batchSize: BATCH, random: createRandom(1), epoch });
  let images = 0;
  for await (const { batch } of pixelBatches(batches, { pool, size, seed: 1, epoch, onCorrupt: 'fail' })) {
    images += batch.pairs.length;
  }
  return images;
}

async function ours(files, workers) {
  const pool = new PixelPool({ preprocessing: preprocessingOf(SIZE), augmentation }, workers);
  await load(pool, files.slice(0, 256), 0);
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const images = await load(pool, files, 1);
  const used = process.cpuUsage(cpu);
  const clock = (1000 * images) / (performance.now() - start);
  await pool.close();
  return { clock, cpu: (1e6 * images) / (used.user + used.system) };
}

function torchvision(files) {
  const script = fileURLToPath(new URL('data-throughput.py', import.meta.url));
  const input = JSON.stringify({ files, size: SIZE });
  const { stdout, status } = spawnSync(process.env.AZCLIP_PYTHON ?? 'python3', [script], { input, encoding: 'utf8' });
  return status === 0 ? JSON.parse(stdout) : undefined;
}

const rate = (runs, kind) =>
  runs.includes(undefined) ? 'absent' : String(Math.round(median(runs.map((run) => run[kind]))));

async function throughput() {
  for (const [name, folder] of Object.entries(sets)) {
    if (!existsSync(folder)) {
      console.log(`${name}: left out, ${folder} is absent`);
      continue;
    }
    const files = filesOf(folder);
    const runs = { 'one worker': [], 'two workers': [], 'torchvision + Pillow, one process': [] };
    for (let round = 0; round < ROUNDS; round++) {
      runs['one worker'].push(await ours(files, 1));
      runs['two workers'].push(await ours(files, 2));
      runs['torchvision + Pillow, one process'].push(torchvision(files));
    }
    console.log(`\n${name}: images/s, median of ${ROUNDS}`);
    console.table(
      Object.fromEntries(
        Object.entries(runs).map(([who, all]) => [
          who,
          { clock: rate(all, 'clock'), 'per processor second': rate(all, 'cpu') },
        ]),
      ),
    );
  }
}

/** Steps that take as long as two workers need for a batch, half of it and twice of it: what part of the time they wait. */
async function waiting(folder) {
  const files = filesOf(folder);
  const { clock } = await ours(files, 2);
  const rows = {};
  for (const factor of [0.5, 1, 1.5, 2]) {
    const stepMs = (factor * 1000 * BATCH) / clock;
    const pool = new PixelPool({ preprocessing: preprocessingOf(SIZE), augmentation }, 2);
    await load(pool, files.slice(0, 256), 0);
    const batches = uniqueBatches(pairsOf(files), { batchSize: BATCH, random: createRandom(1), epoch: 1 });
    const options = { pool, size: SIZE, seed: 1, epoch: 1, onCorrupt: 'fail' };
    let [waited, start, first] = [0, performance.now(), true];
    for await (const { batch } of pixelBatches(batches, options)) {
      if (batch.pairs.length > 0 && !first) waited += performance.now() - start;
      first = false;
      await sleep(stepMs);
      start = performance.now();
    }
    await pool.close();
    const steps = Math.floor(COUNT / BATCH) - 1;
    rows[`${factor} × the time of a batch`] = {
      'step, ms': Math.round(stepMs),
      'waiting, % of the run': Number(((100 * waited) / (waited + steps * stepMs)).toFixed(1)),
    };
  }
  console.table(rows);
}

/** Resident memory while images go by, every ten thousand. */
async function memory(folder, images) {
  const [size, every] = [64, 10_000];
  const pool = new PixelPool({ preprocessing: preprocessingOf(size), augmentation }, 2);
  const files = filesOf(folder);
  const marks = [];
  for (let done = 0, epoch = 0; done < images; epoch++) {
    const before = done;
    done += await load(pool, files, epoch, size);
    const mark = Math.floor(done / every) > Math.floor(before / every) || epoch === 0;
    if (mark) marks.push({ images: done, 'resident memory, MB': Math.round(process.memoryUsage().rss / 2 ** 20) });
  }
  await pool.close();
  console.table(marks);
}

const { values } = parseArgs({
  options: { images: { type: 'string' }, collected: { type: 'boolean' }, waiting: { type: 'boolean' } },
});
const flickr = sets['Flickr8k, 224 × 224'];
if (values.collected) {
  const collecting = ['--expose-gc', '--require', fileURLToPath(new URL('collect-garbage.cjs', import.meta.url))];
  const again = [fileURLToPath(import.meta.url), '--images', values.images ?? '100000'];
  spawnSync(process.execPath, [...collecting, ...again], { stdio: 'inherit' });
} else if (values.images !== undefined) await memory(flickr, Number(values.images));
else if (values.waiting) await waiting(flickr);
else await throughput();
