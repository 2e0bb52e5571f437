// What a run keeps in memory of sets larger than it may grow: photographs in tars, in tars over HTTP and in Parquet files.
// Each set is listed as `fit` lists it, and then goes once through two worker threads; each in a process of its own.
//   node tools/benchmark/data-memory.mjs [megabytes of a set, default 1000]
//   node --expose-gc tools/benchmark/data-memory.mjs --seen [images, default 1000000]   what cleaning keeps of each image
// Needs a build, and twice the megabytes free in the folder for temporary files.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { collect, createRandom, writeFileAtomic } from '@azclip/base';
import {
  augmentationConfig,
  dataConfig,
  pixelBatches,
  PixelPool,
  readPairs,
  SeenImages,
  uniqueBatches,
} from '@azclip/data';

const from = createRequire(new URL('../../packages/data/package.json', import.meta.url));
const sharp = from('sharp');
const { pack } = from('tar-stream');

/** Images of a tar or Parquet file. */
const IN_A_FILE = 250;
const megabytes = (bytes) => Math.round(bytes / 2 ** 20);

/** A photograph that JPEG cannot make small: noise, made different by its tail. */
async function jpegs() {
  const create = { width: 480, height: 360, channels: 3, noise: { type: 'gaussian', mean: 128, sigma: 60 } };
  const jpeg = await sharp({ create }).jpeg({ quality: 92 }).toBuffer();
  return { size: jpeg.length, next: () => Buffer.concat([jpeg, randomBytes(16)]) };
}

async function writeTars(folder, files, next) {
  await mkdir(folder);
  for (let file = 0; file < files; file++) {
    const archive = pack();
    for (let i = 0; i < IN_A_FILE; i++) {
      const key = String(file * IN_A_FILE + i).padStart(7, '0');
      archive.entry({ name: `${key}.jpg` }, next());
      archive.entry({ name: `${key}.txt` }, `şəkil ${key}`);
    }
    archive.finalize();
    await writeFileAtomic(join(folder, `${String(file).padStart(3, '0')}.tar`), archive);
  }
}

async function writeParquet(folder, files, next) {
  const { parquetWriteBuffer } = await import(from.resolve('hyparquet-writer'));
  await mkdir(folder);
  for (let file = 0; file < files; file++) {
    const name = (i) => String(file * IN_A_FILE + i);
    const columnData = [
      { name: 'image', data: Array.from({ length: IN_A_FILE }, next), type: 'BYTE_ARRAY' },
      { name: 'caption', data: Array.from({ length: IN_A_FILE }, (_, i) => `şəkil ${name(i)}`), type: 'STRING' },
    ];
    const bytes = new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 50 }));
    await writeFile(join(folder, `${String(file).padStart(3, '0')}.parquet`), bytes);
  }
}

/** Serves a folder, each file with its time as its version. */
async function serve(folder) {
  const server = createServer(async (request, response) => {
    const path = join(folder, request.url);
    response.setHeader('last-modified', (await stat(path)).mtime.toUTCString());
    createReadStream(path).pipe(response);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

async function configOf(form, folder) {
  if (form === 'parquet') return { config: { reader: 'parquet', files: { train: [join(folder, '*.parquet')] } } };
  if (form === 'tar') return { config: { reader: 'webdataset', files: { train: [join(folder, '*.tar')] } } };
  const { url, close } = await serve(folder);
  const train = (await readdir(folder)).sort().map((name) => `${url}/${name}`);
  return { config: { reader: 'webdataset', files: { train } }, close };
}

/** Lists a set and takes it through the workers; tells the resident memory on the way. */
async function measure(form, folder, cache) {
  const preprocessing = {
    size: 64,
    resize: 64,
    fit: 'crop',
    interpolation: 'bilinear',
    mean: [0, 0, 0],
    std: [1, 1, 1],
  };
  const pool = new PixelPool(
    { preprocessing, augmentation: augmentationConfig.parse([{ op: 'randomResizedCrop' }]) },
    2,
  );
  const { config, close } = await configOf(form, folder);
  const epoch = async (pairs, number) => {
    const batches = uniqueBatches(pairs, { batchSize: 64, random: createRandom(1), epoch: number });
    const options = { pool, size: 64, seed: 1, epoch: number, onCorrupt: 'fail' };
    for await (const { batch } of pixelBatches(batches, options)) void batch;
  };
  const started = process.memoryUsage().rss;
  const pairs = await collect(readPairs(dataConfig.parse(config), 'train', { imageCache: cache }));
  const listed = process.memoryUsage().rss;
  await epoch(pairs.slice(0, 256), 0);
  const warm = process.memoryUsage().rss;
  await epoch(pairs, 1);
  const done = process.memoryUsage().rss;
  await pool.close();
  close?.();
  return [started, listed, warm, done].map(megabytes);
}

async function main(wanted) {
  const root = await mkdtemp(join(tmpdir(), 'azclip-memory-'));
  try {
    const { size, next } = await jpegs();
    const files = Math.ceil((wanted * 2 ** 20) / size / IN_A_FILE);
    const rows = {};
    for (const [form, write, kind] of [
      ['tar', writeTars, 'tar'],
      ['tar over HTTP', writeTars, 'http'],
      ['Parquet', writeParquet, 'parquet'],
    ]) {
      const [folder, cache] = [join(root, 'set'), join(root, 'cache')];
      await write(folder, files, next);
      const { stdout } = spawnSync(
        process.execPath,
        [fileURLToPath(import.meta.url), '--measure', kind, folder, cache],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
      );
      const [start, listed, warm, after] = JSON.parse(stdout);
      rows[form] = {
        'images, MB': megabytes(files * IN_A_FILE * size),
        'at the start, MB': start,
        'set listed, MB': listed,
        '256 images loaded, MB': warm,
        'all loaded, MB': after,
      };
      for (const path of [folder, cache]) await rm(path, { recursive: true, force: true });
    }
    console.table(rows);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** The ids, digests and hashes by which the cleaning knows an image again. */
function seen(images) {
  const all = new SeenImages();
  const random = createRandom(1);
  const word = () => random.integer(2 ** 32);
  const kept = () => {
    globalThis.gc();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = kept();
  for (let i = 0; i < images; i++) {
    const id = `COCO_train2014_${String(i).padStart(12, '0')}.jpg`;
    all.ids.add(id);
    all.digests.set(randomBytes(32).toString('base64'), id);
    all.hashes.add(id, { frequencies: [word(), word()], gradients: [word(), word()], colour: word() >>> 8 });
  }
  const bytes = Math.round((kept() - before) / images);
  console.log(`${all.ids.size} images: ${bytes} bytes each`);
}

const [first, ...rest] = process.argv.slice(2);
if (first === '--seen') seen(Number(rest[0] ?? 1_000_000));
else if (first === '--measure') console.log(JSON.stringify(await measure(...rest)));
else await main(Number(first ?? 1000));
