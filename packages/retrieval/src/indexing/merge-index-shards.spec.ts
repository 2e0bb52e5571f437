import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createRandom, InputError, parseShard } from '@azclip/base';
import sharp from 'sharp';

import { openForIndexing, openImageIndex, shardFolder } from '../image-index/image-index.ts';
import { openModel, type Model } from '../model/open-model.ts';
import { writeTestModel } from '../testing/write-test-model.ts';
import { mergeIndexShards, type MergedIndex } from './merge-index-shards.ts';
import { updateIndex } from './update-index.ts';

let folder: string;
let model: Model;
const at = (...parts: string[]): string => join(folder, ...parts);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shards-'));
  await mkdir(at('photos'));
  await writeTestModel(at('model'));
  model = await openModel(at('model'), { threads: 1 });
});
afterEach(async () => {
  await model.dispose();
  await rm(folder, { recursive: true });
});

async function drawPhotos(count: number): Promise<void> {
  const random = createRandom(7);
  for (let i = 0; i < count; i += 1) {
    const background = { r: random.integer(256), g: random.integer(256), b: random.integer(256) };
    const image = sharp({ create: { width: 9, height: 8, channels: 3, background } }).png();
    await image.toFile(at('photos', `photo-${String(i)}.png`));
  }
}

/** Embeds a share of the photographs, or all of them. */
async function embed(
  index: string,
  of?: string,
  { batch = 32, stopAt = Infinity, images = 'photos' } = {},
): Promise<number> {
  const shard = of === undefined ? undefined : parseShard(of);
  const place = shard ? shardFolder(at(index), shard) : at(index);
  const opened = await openForIndexing(place, at(images), model.config, shard);
  let embedded = 0;
  for await (const { done } of updateIndex(opened, model, { batch })) {
    embedded = done;
    if (done >= stopAt) break;
  }
  await opened.store.close();
  return embedded;
}

const merge = (): Promise<MergedIndex> => mergeIndexShards(at('joined'), at('photos'), model.config);

async function contentOf(index: string) {
  const { store, info } = await openImageIndex(at(index), model.config);
  const hits = await store.search(Float32Array.from([0.6, 0.8, 0]), { k: 100 });
  const [file = ''] = (await readdir(store.folder)).filter((name) => name.startsWith('vectors'));
  return { rejected: info.rejected, hits, items: [...store.items()], bytes: await readFile(join(store.folder, file)) };
}

it('joins the parts of disjoint jobs to the index of one job, bit for bit', async () => {
  await drawPhotos(50);
  await writeFile(at('photos', 'broken-1.jpg'), 'no image');
  await writeFile(at('photos', 'broken-2.jpg'), 'no image');
  await embed('whole', undefined, { batch: 7 });
  const embedded = [];
  for (const shard of ['3/3', '1/3', '2/3']) embedded.push(await embed('joined', shard, { batch: 4 }));
  expect(embedded.reduce((sum, count) => sum + count)).toBe(52);
  expect(Math.min(...embedded)).toBeGreaterThan(0);
  expect(await merge()).toEqual({ shards: 3, size: 50 });
  const [joined, whole] = [await contentOf('joined'), await contentOf('whole')];
  expect(joined.items).toHaveLength(50);
  expect(joined).toEqual(whole);
  expect(whole.rejected.map(({ file }) => file)).toEqual(['broken-1.jpg', 'broken-2.jpg']);
});

it('takes in, merged again, what has come and lets go what is gone; the index is brought up to date as any other', async () => {
  await drawPhotos(10);
  for (const shard of ['1/2', '2/2']) await embed('joined', shard);
  await merge();
  await rm(at('photos', 'photo-3.png'));
  await cp(at('photos', 'photo-4.png'), at('photos', 'photo-new.png'));
  await writeFile(at('photos', 'captions.jsonl'), '{"image":"photo-5.png","captions":["sarı"]}');
  const again = (await embed('joined', '1/2')) + (await embed('joined', '2/2'));
  expect(again).toBe(1);
  expect(await merge()).toEqual({ shards: 2, size: 10 });
  await embed('whole');
  expect(await contentOf('joined')).toEqual(await contentOf('whole'));
  expect((await readdir(at('joined'))).filter((name) => name.startsWith('store'))).toHaveLength(1);
  expect(await embed('joined')).toBe(0);
});

it('goes on where a job was cut off', async () => {
  await drawPhotos(12);
  await embed('joined', '1/1', { batch: 4, stopAt: 8 });
  await expect(merge()).rejects.toThrow(/shard-1-of-1: expected a finished part .*, got none; run --shard 1\/1/u);
  expect(await embed('joined', '1/1')).toBe(4);
  expect(await merge()).toEqual({ shards: 1, size: 12 });
});

/** What may be wrong with the parts of two jobs. */
const faults: [string, () => Promise<unknown>, RegExp][] = [
  ['no parts', () => rm(at('joined'), { recursive: true }), /joined: expected a folder, got ENOENT/u],
  ['a part that is missing', () => rm(at('joined', 'shard-2-of-2'), { recursive: true }), /shard-2-of-2: .*none/u],
  [
    'parts of two arrays',
    () => mkdir(at('joined', 'shard-1-of-3')),
    /expected the folders shard-i-of-n of one array of jobs, got those of arrays of 2 and 3 jobs/u,
  ],
  [
    'the same part twice',
    async () => {
      await rm(at('joined', 'shard-2-of-2'), { recursive: true });
      await cp(at('joined', 'shard-1-of-2'), at('joined', 'shard-2-of-2'), { recursive: true });
    },
    /shard-2-of-2: expected part 2 of 2 of .*photos, got 1 of 2 of .*photos; run --shard 2\/2/u,
  ],
  [
    'a part of other images',
    async () => {
      await cp(at('photos'), at('others'), { recursive: true, preserveTimestamps: true });
      await embed('joined', '1/2', { images: 'others' });
    },
    /shard-1-of-2: expected part 1 of 2 of .*photos, got 1 of 2 of .*others/u,
  ],
  [
    'a part that is behind the images',
    () => cp(at('photos', 'photo-1.png'), at('photos', 'later.png')),
    /shard-\d-of-2: expected every image of its share, got none of later\.png; run --shard \d\/2 again/u,
  ],
  [
    'a part by another model',
    async () => {
      const path = at('joined', 'shard-1-of-2', 'index.json');
      const info = JSON.parse(await readFile(path, 'utf8')) as object;
      await writeFile(path, JSON.stringify({ ...info, fingerprint: 'another' }));
    },
    /shard-1-of-2: expected an index by model .*, got one by another…/u,
  ],
];

describe('what is refused by name', () => {
  beforeEach(async () => {
    await drawPhotos(8);
    for (const shard of ['1/2', '2/2']) await embed('joined', shard);
  });

  it.each(faults)('%s', async (_, spoil, message) => {
    await spoil();
    await expect(merge()).rejects.toThrow(message);
    await expect(merge()).rejects.toBeInstanceOf(InputError);
  });

  it('to search in a part', async () => {
    const search = openImageIndex(at('joined', 'shard-1-of-2'), model.config);
    await expect(search).rejects.toThrow('expected a whole index, got part 1 of 2; join the parts by retrieval:index');
  });
});
