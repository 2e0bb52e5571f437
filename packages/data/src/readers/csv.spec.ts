import { join } from 'node:path';
import { collect } from '@azclip/base';

import { csvConfig } from './reader-configs.ts';
import type { DataIssue } from '../issue.ts';
import { folderOf, jpegOf } from '../testing.ts';
import { readCsv } from './csv.ts';

async function read(content: string, more: object = {}, onIssue?: (issue: DataIssue) => void) {
  const jpeg = await jpegOf();
  const root = await folderOf({ 'x.csv': content, 'a.jpg': jpeg, 'sub/b.jpg': jpeg });
  const config = csvConfig.parse({ reader: 'csv', path: join(root, 'x.csv'), splits: { dev: 0, test: 0 }, ...more });
  const pairs = await collect(readCsv(config, 'train', onIssue ? { onIssue } : {}));
  return pairs.map(({ imageId, captions }) => ({ imageId, captions }));
}

it('groups the rows of an image, wherever they stand', async () => {
  const content = '\uFEFFimage,caption\r\na.jpg,"it, qara"\r\nsub/b.jpg,ev\r\na.jpg,"iki\r\nsətir"\r\n';
  expect(await read(content)).toEqual([
    { imageId: 'a.jpg', captions: ['it, qara', 'iki\r\nsətir'] },
    { imageId: 'sub/b.jpg', captions: ['ev'] },
  ]);
});

it('takes other columns, another delimiter and the parts that a column says', async () => {
  const content = 'part\tfile\ttext\ntrain\ta.jpg\t5" it\nval\tsub/b.jpg\tev\n';
  const more = { delimiter: '\t', imageColumn: 'file', captionColumn: 'text', splitColumn: 'part' };
  expect(await read(content, more)).toEqual([{ imageId: 'a.jpg', captions: ['5" it'] }]);
});

it.each([
  ['a missing column', 'image,text\na.jpg,it\n', 'x.csv:1: expected a column "caption", got the columns image, text'],
  ['an empty file', '', 'x.csv: expected a header and rows, got an empty file'],
  ['an empty caption', 'image,caption\na.jpg,it\na.jpg,\n', 'x.csv:3: expected a caption of "a.jpg"'],
  ['a row without image', 'image,caption\n,it\n', 'x.csv:2: expected an image in column "image"'],
  ['an image that is not there', 'image,caption\na.jpg,it\nc.jpg,ev\n', 'x.csv:3: expected an image, got'],
  ['an open quote', 'image,caption\na.jpg,"it\n', 'x.csv: expected well-formed rows'],
])('names file and line of %s', async (_, content, message) => {
  await expect(read(content)).rejects.toThrow(message);
});

it('reports what it passes over', async () => {
  const issues: DataIssue[] = [];
  const content = 'image,caption\na.jpg,it\nc.jpg,ev\n,boş\na.jpg,\n';
  const pairs = await read(content, { onInvalid: 'skip' }, (issue) => issues.push(issue));
  expect(pairs).toEqual([{ imageId: 'a.jpg', captions: ['it'] }]);
  expect(issues.map(({ kind }) => kind).sort()).toEqual(['empty-caption', 'malformed', 'missing-image']);
});
