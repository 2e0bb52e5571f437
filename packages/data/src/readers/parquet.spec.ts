import { existsSync } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collect } from '@azclip/base';

import type { DataIssue } from '../issue.ts';
import { decodeImage } from '../image/decode-image.ts';
import type { ImageSource, Pair } from '../pair.ts';
import { folderOf, jpegOf } from '../testing.ts';
import { readParquet } from './parquet.ts';
import { parquetConfig } from './reader-configs.ts';

const brief = (pairs: readonly Pair[]) => pairs.map(({ imageId, captions }) => [imageId, ...captions]);

// the worker is compiled code: a thread cannot read TypeScript
const compiled = existsSync(join(__dirname, '../../dist/readers/parquet-worker.js'));
const threadTest = compiled ? it : it.skip;
const note = compiled ? '' : '(absent: packages/data/dist; run the build) ';

const write = async (columnData: object[], codec: 'SNAPPY' | 'UNCOMPRESSED' = 'SNAPPY') => {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const path = join(await folderOf({ 'a.jpg': await jpegOf() }), 'train-0.parquet');
  await writeFile(
    path,
    new Uint8Array(parquetWriteBuffer({ columnData: columnData as never, codec, rowGroupSize: 2 })),
  );
  return path;
};
/** When each file of a folder was written. */
async function timesOf(folder: string): Promise<number[]> {
  const names = (await readdir(folder, { recursive: true })).sort();
  return Promise.all(names.map(async (name) => (await stat(join(folder, name))).mtimeMs));
}

const configOf = (path: string, more: object = {}) =>
  parquetConfig.parse({ reader: 'parquet', files: { train: [path] }, ...more });

threadTest(note + 'takes paths, and joins neighbouring rows of one image across row groups', async () => {
  const path = await write([
    { name: 'image', data: ['a.jpg', 'a.jpg', 'a.jpg'], type: 'STRING' },
    { name: 'caption', data: ['it', 'qara it', 'ev'], type: 'STRING' },
    { name: 'other', data: [1, 2, 3], type: 'INT32' },
  ]);
  expect(brief(await collect(readParquet(configOf(path), 'train')))).toEqual([['a.jpg', 'it', 'qara it', 'ev']]);
});

threadTest(note + 'takes bytes, and names rows that lack an image or a caption', async () => {
  const jpeg = await jpegOf();
  const path = await write([
    { name: 'image', data: [jpeg, null, jpeg], type: 'BYTE_ARRAY', nullable: true },
    { name: 'caption', data: ['it', 'ev', ' '], type: 'STRING' },
  ]);
  await expect(collect(readParquet(configOf(path), 'train'))).rejects.toThrow('row 1: expected a path, bytes or');
  const issues: DataIssue[] = [];
  const onIssue = (issue: DataIssue) => issues.push(issue);
  const [pair, ...rest] = await collect(readParquet(configOf(path, { onInvalid: 'skip' }), 'train', { onIssue }));
  expect(rest).toEqual([]);
  expect(pair?.image).toMatchObject({ bytes: jpeg });
  expect(issues.map(({ kind }) => kind)).toEqual(['malformed', 'empty-caption']);
});

threadTest(note + 'copies images, where a folder is given, out of which they can be read one by one', async () => {
  const jpegs = await Promise.all(['#f00', '#0f0', '#00f', '#fff', '#000'].map((colour) => jpegOf(colour)));
  const path = await write([
    { name: 'image', data: [jpegs[0], jpegs[1], null, jpegs[2], jpegs[3]], type: 'BYTE_ARRAY', nullable: true },
    { name: 'caption', data: ['it', 'ev', 'quş', 'at', 'gül'], type: 'STRING' },
  ]);
  const imageCache = await folderOf({});
  const read = () => collect(readParquet(configOf(path, { onInvalid: 'skip' }), 'train', { imageCache }));
  const pairs = await read();
  const passing = await collect(readParquet(configOf(path, { onInvalid: 'skip' }), 'train'));
  expect(pairs.map(({ imageId }) => imageId)).toEqual(passing.map(({ imageId }) => imageId));
  for (const [i, { image }] of pairs.entries()) {
    expect(image).not.toHaveProperty('bytes');
    expect(await decodeImage(image)).toEqual(await decodeImage(passing[i]?.image as ImageSource));
  }
  const files = () => readdir(imageCache, { recursive: true });
  const before = await files();
  expect(before).toHaveLength(1 + 3); // a folder with a file for each row group: 2 + 2 + 1 rows
  const times = await timesOf(imageCache);
  expect(await read()).toEqual(pairs);
  expect(await timesOf(imageCache)).toEqual(times); // not written anew
  await writeFile(
    path,
    await readFile(
      await write([
        { name: 'image', data: [jpegs[4]], type: 'BYTE_ARRAY' },
        { name: 'caption', data: ['başqa'], type: 'STRING' },
      ]),
    ),
  );
  expect(await read()).toHaveLength(1);
  expect(await files()).toHaveLength(before.length + 2); // another file of the same name
});

threadTest(note + 'reads a file over HTTP, and leaves nothing behind', async () => {
  const jpeg = await jpegOf();
  const left = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('azclip-parquet-'));
  const path = await write([
    { name: 'image', data: [jpeg, jpeg], type: 'BYTE_ARRAY' },
    { name: 'caption', data: ['it', 'ev'], type: 'STRING' },
  ]);
  const server = createServer((_, response) => void readFile(path).then((bytes) => response.end(bytes)));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/train-0.parquet`;
  const before = await left();
  try {
    const pairs = await collect(readParquet(configOf(url), 'train'));
    expect(pairs.map(({ captions }) => captions)).toEqual([['it'], ['ev']]);
    expect(pairs[0]?.image).toMatchObject({ bytes: jpeg });
    expect(await left()).toEqual(before);
  } finally {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

threadTest(note + 'names a missing column and a file that is no Parquet', async () => {
  const path = await write([{ name: 'image', data: ['a.jpg'], type: 'STRING' }]);
  await expect(collect(readParquet(configOf(path), 'train'))).rejects.toThrow(
    'expected a column "caption", got the columns image',
  );
  const text = join(await folderOf({ 'x.parquet': 'PAR1nonsensePAR1' }), 'x.parquet');
  await expect(collect(readParquet(configOf(text), 'train'))).rejects.toThrow('x.parquet: expected a Parquet file');
});
