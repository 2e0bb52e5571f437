import { join } from 'node:path';
import { collect, InputError } from '@azclip/base';

import { flickr8kConfig } from './reader-configs.ts';
import type { DataIssue } from '../issue.ts';
import { folderOf, jpegOf } from '../testing.ts';
import { readFlickr } from './flickr.ts';

const lists = (train: string) => ({
  'Flickr_8k.trainImages.txt': train,
  'Flickr_8k.devImages.txt': 'd.jpg\n',
  'Flickr_8k.testImages.txt': 't.jpg\n',
});

async function setOf(tokens: string, train: string, images = ['a.jpg', 'b.jpg']): Promise<string> {
  const jpeg = await jpegOf();
  const files = Object.fromEntries(images.map((name) => [`images/${name}`, jpeg]));
  return folderOf({ ...lists(train), 'Flickr8k.token.txt': tokens, ...files });
}

const configOf = (root: string, more: object = {}) => flickr8kConfig.parse({ reader: 'flickr8k', root, ...more });

it('reads the images of the list in its order, each with all its captions', async () => {
  const root = await setOf('a.jpg#0\tbir it\nb.jpg#0\tbir ev\na.jpg#1\t qara it \n', 'b.jpg\r\na.jpg\r\n');
  expect(await collect(readFlickr(configOf(root), 'train'))).toEqual([
    { imageId: 'b.jpg', image: { path: join(root, 'images/b.jpg') }, captions: ['bir ev'] },
    { imageId: 'a.jpg', image: { path: join(root, 'images/a.jpg') }, captions: ['bir it', 'qara it'] },
  ]);
});

it('takes a place that is named whole as it is', async () => {
  const root = await setOf('', 'a.jpg\n', []);
  const elsewhere = await folderOf({ 'a.jpg': await jpegOf(), 'captions.token': 'a.jpg#0\tbir it\n' });
  const config = configOf(root, { images: elsewhere, captions: join(elsewhere, 'captions.token') });
  const [pair] = await collect(readFlickr(config, 'train'));
  expect(pair).toMatchObject({ image: { path: join(elsewhere, 'a.jpg') }, captions: ['bir it'] });
});

describe.each([
  ['an image without captions', 'a.jpg#0\tit\n', 'a.jpg\nb.jpg\n', 'trainImages.txt:2: expected an image of '],
  ['a caption without image', 'a.jpg#0\tit\nx.jpg#0\tev\n', 'a.jpg\nx.jpg\n', 'token.txt:2: expected an image of'],
  ['an empty caption', 'a.jpg#0\tit\na.jpg#1\t \n', 'a.jpg\n', 'token.txt:2: expected a caption of "a.jpg"'],
  ['a line of another form', 'a.jpg#0\tit\na.jpg ev\n', 'a.jpg\n', 'token.txt:2: expected "name.jpg#0<tab>caption"'],
  ['a path in the place of a name', 'a.jpg#0\tit\n../a.jpg#0\tev\n', 'a.jpg\n', 'token.txt:2: expected "name.jpg#0'],
])('%s', (_, tokens, train, message) => {
  it('is an error that names file and line', async () => {
    const reading = collect(readFlickr(configOf(await setOf(tokens, train)), 'train'));
    await expect(reading).rejects.toThrow(InputError);
    await expect(reading).rejects.toThrow(message);
  });

  it('is reported and passed over where the configuration says so', async () => {
    const issues: DataIssue[] = [];
    const config = configOf(await setOf(tokens, train), { onInvalid: 'skip' });
    const pairs = await collect(readFlickr(config, 'train', { onIssue: (issue) => issues.push(issue) }));
    expect(pairs.map(({ imageId }) => imageId)).toEqual(['a.jpg']);
    expect(issues.map(({ place, message: said }) => `${place}: ${said}`)).toEqual([expect.stringContaining(message)]);
  });
});

it('refuses an image that is in two lists', async () => {
  const root = await setOf('a.jpg#0\tit\n', 'a.jpg\nd.jpg\n');
  await expect(collect(readFlickr(configOf(root), 'train'))).rejects.toThrow(
    /devImages.txt:1: expected every image in one list once, got "d.jpg" again after .*trainImages.txt:2/,
  );
});

it('refuses an empty list, and files and folders that are not there', async () => {
  await expect(collect(readFlickr(configOf(await setOf('', '')), 'train'))).rejects.toThrow('got an empty file');
  const unlisted = await setOf('', 'a.jpg');
  const listing = collect(readFlickr(configOf(unlisted, { splits: { train: 'x.txt', dev: 'd', test: 't' } }), 'train'));
  await expect(listing).rejects.toThrow(
    /x\.txt: expected the list of the part train, got none; .*splits: \{ dev: 0\.1/u,
  );
  const root = await folderOf({});
  await expect(collect(readFlickr(configOf(root), 'train'))).rejects.toThrow('images: expected a folder of images');
  const bare = await folderOf({ 'images/a.jpg': await jpegOf() });
  await expect(collect(readFlickr(configOf(bare), 'train'))).rejects.toThrow('Flickr8k.token.txt: expected a readable');
});

it('parts a folder without lists by chance, each image into one part', async () => {
  const names = Array.from({ length: 60 }, (_, i) => `${String(i)}.jpg`);
  const root = await setOf(names.map((name) => `${name}#0\tşəkil`).join('\n'), 'a.jpg', names);
  const config = configOf(root, { splits: { dev: 0.2, test: 0.2 } });
  const parts = await Promise.all(
    (['train', 'dev', 'test'] as const).map(async (split) => collect(readFlickr(config, split))),
  );
  expect(parts.flatMap((pairs) => pairs.map(({ imageId }) => imageId)).sort()).toEqual([...names].sort());
  expect(Math.min(...parts.map(({ length }) => length))).toBeGreaterThan(3);
});
