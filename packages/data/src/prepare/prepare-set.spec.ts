import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { collect } from '@azclip/base';

import { cleaningConfig } from '../cleaning/config.ts';
import { dataConfig, type DataConfig } from '../config.ts';
import { decodeImage } from '../image/decode-image.ts';
import { readPairs } from '../read-pairs.ts';
import { folderOf, wavesOf } from '../testing.ts';
import { imageFileName } from './image-files.ts';
import { mergeShards } from './merge-shards.ts';
import type { PrepareReport, PrepareSetOptions } from './prepare-options.ts';
import { prepareSet } from './prepare-set.ts';

const png = async (seed: number): Promise<Uint8Array> => {
  const { pixels, width, height } = wavesOf(seed);
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
};

/** Eight pictures: 0 … 3 train, 4 and 5 dev, 6 and 7 test; 3 looks like 6, and 1 is corrupt. */
async function newSet(): Promise<DataConfig> {
  const files: Record<string, Uint8Array> = {};
  for (let i = 0; i < 8; i++) files[`${String(i)}.png`] = i === 1 ? new Uint8Array(9) : await png(i === 3 ? 6 : i);
  const parts = ['train', 'train', 'train', 'train', 'dev', 'dev', 'test', 'test'];
  const rows = parts.map((part, i) => `${String(i)}.png,${i === 2 ? 'it' : `bir şəkil ${String(i)}`},${part}`);
  const root = await folderOf({ ...files, 'x.csv': `image,caption,split\n${rows.join('\n')}\nnone.png,yox,train\n` });
  const config = { reader: 'csv', path: join(root, 'x.csv'), splitColumn: 'split', onInvalid: 'skip' };
  return dataConfig.parse(config);
}

const optionsOf = (out: string, more: Partial<PrepareSetOptions> = {}): PrepareSetOptions => ({
  out,
  cleaning: cleaningConfig.parse({}),
  splits: ['train', 'dev', 'test'],
  format: 'manifest',
  ...more,
});

const idsOf = async (config: object, split: 'train' | 'dev' | 'test'): Promise<string[]> =>
  (await collect(readPairs(dataConfig.parse(config), split))).map(({ imageId }) => imageId);

const lines = async (path: string): Promise<{ rule: string; image: string }[]> =>
  (await readFile(path, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { rule: string; image: string });

it('writes a manifest that the reader takes, and a ledger of all that was dropped', async () => {
  const out = await folderOf({});
  const reports: PrepareReport[] = [];
  const summary = await prepareSet(await newSet(), optionsOf(out), (report) => reports.push(report));
  const manifest = { reader: 'manifest', path: join(out, 'manifest.jsonl') };
  expect(await idsOf(manifest, 'train')).toEqual(['0.png']);
  expect(await idsOf(manifest, 'dev')).toEqual(['4.png', '5.png']);
  expect(await idsOf(manifest, 'test')).toEqual(['6.png', '7.png']);
  expect(summary.images).toEqual({ train: 1, dev: 2, test: 2 });
  expect((await lines(join(out, 'ledger.jsonl'))).map(({ rule }) => rule).sort()).toEqual([
    'caption-count',
    'corrupt-image',
    'duplicate-image',
    'missing-image',
    'too-short',
  ]);
  expect(JSON.parse(await readFile(join(out, 'summary.json'), 'utf8'))).toEqual(JSON.parse(JSON.stringify(summary)));
  expect(reports.at(-1)).toEqual({ split: 'train', read: 4, kept: 1 });
  expect((await readdir(out)).sort()).toEqual(['ledger.jsonl', 'manifest.jsonl', 'summary.json']);
});

it('writes tars that the reader takes, with the ids of the set', async () => {
  const out = await folderOf({});
  await prepareSet(await newSet(), optionsOf(out, { format: 'webdataset' }));
  const files = { train: [join(out, 'train-*.tar')], dev: [join(out, 'dev-{000000..000000}.tar')] };
  expect(await idsOf({ reader: 'webdataset', files }, 'train')).toEqual(['0.png']);
  expect(await idsOf({ reader: 'webdataset', files }, 'dev')).toEqual(['4.png', '5.png']);
});

it('makes files of images that are none yet', async () => {
  const out = await folderOf({});
  const scenes = dataConfig.parse({ reader: 'scenes', dev: 2, imageSize: 32 });
  const cleaning = cleaningConfig.parse({ off: ['near-duplicate-image'] });
  await prepareSet(scenes, optionsOf(out, { splits: ['dev'], cleaning }));
  expect((await readdir(join(out, 'images/dev'))).sort()).toEqual(['dev-00000.png', 'dev-00001.png']);
  expect(await idsOf({ reader: 'manifest', path: join(out, 'manifest.jsonl') }, 'dev')).toHaveLength(2);
});

it('gives the same in several jobs that are merged as in one', async () => {
  const config = await newSet();
  const [one, many] = [await folderOf({}), await folderOf({})];
  await prepareSet(config, optionsOf(one));
  for (const index of [1, 2, 3]) await prepareSet(config, optionsOf(many, { shard: { index, count: 3 } }));
  const summary = await mergeShards(many, cleaningConfig.parse({}));
  const sorted = async (folder: string) => (await readFile(join(folder, 'manifest.jsonl'), 'utf8')).split('\n').sort();
  expect(await sorted(many)).toEqual(await sorted(one));
  expect(summary.images).toEqual({ train: 1, dev: 2, test: 2 });
});

it('gives the same tars in several jobs that are merged as in one', async () => {
  const config = await newSet();
  const [one, many] = [await folderOf({}), await folderOf({})];
  await prepareSet(config, optionsOf(one, { format: 'webdataset' }));
  for (const index of [1, 2, 3]) {
    await prepareSet(config, optionsOf(many, { format: 'webdataset', shard: { index, count: 3 } }));
  }
  expect((await readdir(many)).filter((name) => name.endsWith('.tar'))).toEqual([]); // they are in a folder of their own
  const summary = await mergeShards(many, cleaningConfig.parse({}));
  expect(summary.images).toEqual({ train: 1, dev: 2, test: 2 });
  const tarsIn = async (folder: string) => (await readdir(folder)).filter((name) => name.endsWith('.tar')).sort();
  expect(await tarsIn(many)).toEqual(await tarsIn(one));
  for (const split of ['train', 'dev', 'test'] as const) {
    const pairsOf = async (folder: string) => {
      const files = { [split]: [join(folder, `${split}-*.tar`)] };
      const pairs = await collect(readPairs(dataConfig.parse({ reader: 'webdataset', files }), split));
      return Promise.all(pairs.map(async ({ image, ...rest }) => ({ ...rest, image: await decodeImage(image) })));
    };
    const byId = (a: { readonly imageId: string }, b: typeof a): number => a.imageId.localeCompare(b.imageId);
    expect((await pairsOf(many)).sort(byId)).toEqual((await pairsOf(one)).sort(byId));
  }
});

it('keeps apart images whose ids make one file name', () => {
  const image = { bytes: new Uint8Array(), name: 'x.jpg' };
  const names = ['a/b', 'a_b', 'a b'].map((id) => imageFileName(id, image));
  expect(new Set(names).size).toBe(3);
  expect(names[1]).toBe('a_b.jpg');
  expect(names.every((name) => /^a_b(?:-[0-9a-f]{8})?\.jpg$/u.test(name))).toBe(true);
});

it('refuses to merge where a job is missing', async () => {
  const out = await folderOf({});
  await expect(mergeShards(out, cleaningConfig.parse({}))).rejects.toThrow('of one preparation, got none');
  await prepareSet(await newSet(), optionsOf(out, { shard: { index: 2, count: 2 } }));
  await expect(mergeShards(out, cleaningConfig.parse({}))).rejects.toThrow('expected summary-1-of-2.json, got none');
  expect((await readdir(out)).filter((name) => name.includes('partial'))).toEqual([]);
});

it('refuses a test part that a model was trained on, and leaves nothing half', async () => {
  const [trained, out] = [await folderOf({}), await folderOf({})];
  await prepareSet(await newSet(), optionsOf(trained, { splits: ['train'] }));
  const against = join(trained, 'manifest.jsonl');
  const preparing = prepareSet(await newSet(), optionsOf(out, { against }));
  await expect(preparing).rejects.toThrow('not trained on, got 6.png (looks like 3.png)');
  expect(await readdir(out)).toEqual([]);
});
