// Feeds @azclip/data with damaged and malicious files and checks that nothing crashes, hangs, writes where it should not, or
// vanishes without a word: every image is kept or stands in the ledger with its reason, every other file is read, or
// refused by an error that names it.
//   node tools/fuzz/data.mjs [files, default 10000] [seed, default 1]
// Needs a build. Prints a table of outcomes; exit code 1 at the first broken promise.
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { createRandom, InputError } from '@azclip/base';
import { cleaningConfig, CorruptImageError, dataConfig, decodeImage, prepareSet, readPairs } from '@azclip/data';

import { MUTATIONS, seedsOf } from './mutations.mjs';

const total = Number(process.argv[2] ?? 10_000);
const random = createRandom(Number(process.argv[3] ?? 1));
const LIMIT_MS = 60_000;
const IMAGES_A_SET = 250;
const root = await mkdtemp(join(tmpdir(), 'azclip-fuzz-'));
const outcomes = new Map();

const count = (kind, outcome, by = 1) => {
  const row = outcomes.get(kind) ?? {};
  outcomes.set(kind, { ...row, [outcome]: (row[outcome] ?? 0) + by });
};

const broken = (message) => {
  console.error(`broken: ${message} (files are in ${root})`);
  process.exit(1);
};

async function inTime(work, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('hangs')), LIMIT_MS);
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    if (error.message === 'hangs') broken(`${what} hangs`);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** A mutated file: one of the mutations of its kind, drawn by chance. */
function mutant(kind, seeds) {
  const seed = seeds[random.integer(seeds.length)];
  const mutations = MUTATIONS[kind];
  return mutations[random.integer(mutations.length)](Buffer.from(seed), random);
}

/** Sets of images, prepared whole. */
async function fuzzImages(kind, seeds, files) {
  for (let done = 0; done < files; done += IMAGES_A_SET) {
    const size = Math.min(IMAGES_A_SET, files - done);
    const folder = join(root, kind, String(done));
    await mkdir(folder, { recursive: true });
    const names = Array.from({ length: size }, (_, i) => `${String(i)}.${kind}`);
    for (const name of names) await writeFile(join(folder, name), mutant(kind, seeds));
    await writeFile(join(folder, 'set.csv'), `image,caption\n${names.map((name) => `${name},bir şəkil`).join('\n')}\n`);
    const config = { reader: 'csv', path: join(folder, 'set.csv'), splits: { dev: 0, test: 0 }, onInvalid: 'skip' };
    const out = join(folder, 'out');
    const options = { out, cleaning: cleaningConfig.parse({}), splits: ['train'], format: 'manifest' };
    await inTime(prepareSet(dataConfig.parse(config), options), folder);
    const lines = async (name) => (await readFile(join(out, name), 'utf8')).split('\n').filter(Boolean).map(JSON.parse);
    const kept = new Set((await lines('manifest.jsonl')).map(({ id }) => id));
    const dropped = new Map((await lines('ledger.jsonl')).map((entry) => [basename(entry.image), entry]));
    for (const name of names) {
      const entry = dropped.get(name);
      if (!kept.has(name) && !entry?.detail) broken(`${join(folder, name)} is neither kept nor in the ledger`);
      count(kind, kept.has(name) ? 'read' : entry.rule);
    }
    await rm(folder, { recursive: true });
  }
}

const CONFIGS = {
  json: (file) => ({
    reader: 'coco',
    root: root,
    annotations: { train: basename(file), dev: 'x' },
    images: { train: 'images', dev: 'x' },
  }),
  csv: (file) => ({ reader: 'csv', path: file, images: join(root, 'images'), splits: { dev: 0, test: 0 } }),
  tar: (file) => ({ reader: 'webdataset', files: { train: [file] } }),
  parquet: (file) => ({ reader: 'parquet', stallMs: 3000, images: join(root, 'images'), files: { train: [file] } }),
};

/** An image decodes out of its place in the tar, or is refused by name. */
async function decodeOrRefuse(image) {
  try {
    await decodeImage(image);
  } catch (error) {
    if (!(error instanceof CorruptImageError)) throw error;
  }
}

/** Files that are a set each. */
async function fuzzSets(kind, seeds, files) {
  for (let i = 0; i < files; i++) {
    const file = join(root, `${kind}-${String(i)}.${kind}`);
    await writeFile(file, mutant(kind, seeds));
    const config = dataConfig.parse({ ...CONFIGS[kind](file), onInvalid: 'skip' });
    let [pairs, issues] = [0, 0];
    const onIssue = (issue) => {
      issues += 1;
      if (!issue.place.includes(basename(file)) || issue.message === '')
        broken(`${file}: an issue without place or reason`);
    };
    const read = async () => {
      for await (const { captions, image } of readPairs(config, 'train', { onIssue })) {
        pairs += captions.length > 0 ? 1 : 0;
        if (kind === 'tar') await decodeOrRefuse(image);
      }
    };
    try {
      await inTime(read(), file);
      count(kind, issues === 0 ? 'read' : 'read in part, the rest reported');
    } catch (error) {
      if (!(error instanceof InputError)) {
        console.error(error);
        broken(`${file} is refused by an error that is not the user's`);
      }
      if (!error.message.includes(basename(file)))
        broken(`${file} is refused by "${error.message}", which does not name it`);
      count(kind, 'refused by name');
    }
    await rm(file);
  }
}

const outside = async () => (await readdir(join(root, '..'))).filter((name) => name.includes('evil')).length;
const before = await outside();
const seeds = await seedsOf();
await mkdir(join(root, 'images'));
for (const [name, bytes] of Object.entries(seeds.images)) await writeFile(join(root, 'images', name), bytes);
const share = Math.floor(total / 8);
await fuzzImages('jpg', seeds.jpg, 2 * share);
await fuzzImages('png', seeds.png, 2 * share);
for (const kind of ['json', 'csv', 'tar']) await fuzzSets(kind, seeds[kind], share);
await fuzzSets('parquet', seeds.parquet, total - 7 * share);
const left = (await readdir(root)).filter((name) => name !== 'images' && name !== 'jpg' && name !== 'png');
if (left.length > 0) broken(`files were written: ${left.join(', ')}`);
if ((await outside()) !== before) broken('files were written outside the folder');
await rm(root, { recursive: true });
console.table(Object.fromEntries(outcomes));
console.log(`${total} files, nothing broken`);
