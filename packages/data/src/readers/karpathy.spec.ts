import { join } from 'node:path';
import { collect } from '@azclip/base';

import type { Pair } from '../pair.ts';
import { folderOf, jpegOf } from '../testing.ts';
import { readFlickr } from './flickr.ts';
import { readKarpathy } from './karpathy.ts';
import { flickr30kConfig, karpathyConfig } from './reader-configs.ts';

const brief = (pairs: readonly Pair[]) => pairs.map(({ imageId, captions }) => [imageId, ...captions]);

const image = (filename: string, split: string, more: object = {}) => ({
  filename,
  split,
  sentences: [{ raw: `${filename} bir` }, { raw: `${filename} iki` }],
  ...more,
});
const read = async (images: object[], split: 'train' | 'dev' | 'test', more: object = {}) => {
  const jpeg = await jpegOf();
  const files = { 'val2014/a.jpg': jpeg, 'val2014/r.jpg': jpeg, 'b.jpg': jpeg };
  const root = await folderOf({ 'dataset_coco.json': JSON.stringify({ images, dataset: 'coco' }), ...files });
  const config = karpathyConfig.parse({ reader: 'karpathy', path: join(root, 'dataset_coco.json'), ...more });
  return brief(await collect(readKarpathy(config, split)));
};
const images = [
  image('a.jpg', 'test', { filepath: 'val2014' }),
  image('r.jpg', 'restval', { filepath: 'val2014' }),
  image('b.jpg', 'val'),
];

it('parts as the file says, restval with train', async () => {
  expect(await read(images, 'test')).toEqual([['a.jpg', 'a.jpg bir', 'a.jpg iki']]);
  expect(await read(images, 'dev')).toEqual([['b.jpg', 'b.jpg bir', 'b.jpg iki']]);
  expect((await read(images, 'train')).map(([id]) => id)).toEqual(['r.jpg']);
  expect(await read(images, 'train', { restval: false })).toEqual([]);
});

it('names records of another form, folders that lead elsewhere and images that are not there', async () => {
  await expect(read([image('a.jpg', 'dev')], 'dev')).rejects.toThrow('images[0]: split:');
  await expect(read([image('a.jpg', 'val', { filepath: '../x' })], 'dev')).rejects.toThrow('a folder below');
  await expect(read([image('z.jpg', 'val')], 'dev')).rejects.toThrow(/images\[0\]: expected an image, got ".*z.jpg"/);
  await expect(read([image('b.jpg', 'val', { sentences: [{ raw: ' ' }] })], 'dev')).rejects.toThrow('an empty one');
});

it('parts Flickr30k', async () => {
  const jpeg = await jpegOf();
  const root = await folderOf({
    'dataset_flickr30k.json': JSON.stringify({ images }),
    'results.csv': 'image_name| comment_number| comment\na.jpg| 0| Two "men" | here .\nb.jpg| 0| A dog .\n',
    'flickr30k_images/a.jpg': jpeg,
    'flickr30k_images/b.jpg': jpeg,
    'results_20130124.token': 'b.jpg#0\tA cat .\n',
    'flickr30k-images/b.jpg': jpeg,
  });
  const config = (form: string) => flickr30kConfig.parse({ reader: 'flickr30k', root, form });
  expect(brief(await collect(readFlickr(config('csv'), 'test')))).toEqual([['a.jpg', 'Two "men"']]);
  expect(brief(await collect(readFlickr(config('token'), 'dev')))).toEqual([['b.jpg', 'A cat .']]);
});
