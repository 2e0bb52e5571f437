import { join } from 'node:path';
import { collect } from '@azclip/base';

import type { Pair } from '../pair.ts';
import { folderOf, jpegOf } from '../testing.ts';
import { readJsonl } from './jsonl.ts';
import { jsonlConfig } from './reader-configs.ts';

const brief = (pairs: readonly Pair[]) => pairs.map(({ imageId, captions }) => [imageId, ...captions]);

const whole = { dev: 0, test: 0 };
const read = async (content: string) => {
  const root = await folderOf({ 'x.jsonl': content, 'a.jpg': await jpegOf() });
  const config = jsonlConfig.parse({ reader: 'jsonl', path: join(root, 'x.jsonl'), splits: whole });
  return brief(await collect(readJsonl(config, 'train')));
};

it('takes texts and lists of texts', async () => {
  const content = '{"image":"a.jpg","caption":["it","ev"],"more":1}\n{"image":"a.jpg","caption":"quş"}\n';
  expect(await read(content)).toEqual([['a.jpg', 'it', 'ev', 'quş']]);
});

it.each([
  ['{"image":"a.jpg"}', 'x.jsonl:1: caption:'],
  ['{"image":"a.jpg","caption":""}', 'x.jsonl: record 1: expected a caption of "a.jpg", got none'],
  ['{"image":"b.jpg","caption":"it"}', 'x.jsonl: record 1: expected an image'],
])('refuses %s', async (content, message) => {
  await expect(read(content)).rejects.toThrow(message);
});
