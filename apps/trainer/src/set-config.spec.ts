import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { configOf, partsOf } from './set-config.ts';

it('makes a configuration of the set, its place and keys of the reader', () => {
  const option = ['captions=Flickr8k.az.token.txt', 'splits.dev=0.2', 'splits.test=0.1'];
  expect(configOf('flickr8k', { root: '/data', option })).toMatchObject({
    reader: 'flickr8k',
    root: '/data',
    onInvalid: 'skip',
    captions: 'Flickr8k.az.token.txt',
    splits: { dev: 0.2, test: 0.1 },
  });
  expect(configOf('csv', { root: '/set.tsv', option: [] })).toMatchObject({ delimiter: '\t' });
});

it('finds the files of each part by their names, and the parts that a set has', async () => {
  const root = await mkdtemp(join(tmpdir(), 'azclip-'));
  const names = ['train-00001.parquet', 'train-00000.parquet', 'validation-00000.parquet', 'train-0.tar'];
  for (const name of names) await writeFile(join(root, name), '');
  const parquet = configOf('parquet', { root, option: [] });
  const train = ['train-00000.parquet', 'train-00001.parquet'].map((name) => join(root, name));
  expect(parquet).toMatchObject({ files: { train, dev: [join(root, 'validation-00000.parquet')], test: [] } });
  expect(partsOf(parquet)).toEqual(['train', 'dev']);
  expect(partsOf(configOf('webdataset', { root, option: [] }))).toEqual(['train']);
  expect(partsOf(configOf('coco', { root, option: [] }))).toEqual(['train', 'dev']);
  expect(partsOf(configOf('flickr8k', { root, option: [] }))).toEqual(['train', 'dev', 'test']);
  await mkdir(join(root, 'none'));
  const none = () => configOf('parquet', { root: join(root, 'none'), option: [] });
  expect(none).toThrow(/--root: expected files train\*\.parquet, dev\*, val\* or test\* in .*none, got none/);
  expect(() => configOf('webdataset', { root: join(root, 'x'), option: [] })).toThrow('expected a folder, got ENOENT');
  await rm(root, { recursive: true });
});

it('takes files that are named, over HTTP too', () => {
  const url = 'https://example.org/set';
  const files = configOf('webdataset', { option: [`files.train=["${url}/{0000..0012}.tar"]`] });
  expect(files).toMatchObject({ files: { train: [`${url}/{0000..0012}.tar`], dev: [] } });
  expect(() => configOf('webdataset', { root: url, option: [] })).toThrow(
    `got an address; name its files: --option=files.train=[${url}/…]`,
  );
});

it('names what is wrong with them', () => {
  expect(() => configOf('coco', { option: [] })).toThrow('--root: expected the place of the set "coco", got none');
  expect(() => configOf('coco', { root: '/x', option: ['anotations=1'] })).toThrow(/--option: .*anotations/);
  expect(() => configOf('coco', { root: '/x', option: ['images'] })).toThrow('images: expected key=value');
  expect(() => configOf('csv', { root: '/x', option: ['delimiter=ab'] })).toThrow('--option: delimiter:');
});
