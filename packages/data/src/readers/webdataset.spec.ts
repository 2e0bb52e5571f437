import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pack } from 'tar-stream';
import { collect } from '@azclip/base';

import { decodeImage } from '../image/decode-image.ts';
import type { DataIssue } from '../issue.ts';
import type { ImageSource } from '../pair.ts';
import { readTar } from '../tar/read-tar.ts';
import { folderOf, jpegOf } from '../testing.ts';
import { webdatasetConfig } from './reader-configs.ts';
import { readWebdataset } from './webdataset.ts';

async function tarOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<Uint8Array> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, Buffer.from(content));
  archive.finalize();
  return Buffer.concat(await collect(archive as AsyncIterable<Uint8Array>));
}

const configOf = (train: string[], more: object = {}) =>
  webdatasetConfig.parse({ reader: 'webdataset', files: { train }, ...more });

const good = async () => {
  const jpeg = await jpegOf();
  return tarOf({
    'set/1.jpg': jpeg,
    'set/1.txt': 'it\nqara it\n',
    'set/2.json': '{"captions":["ev"]}',
    'set/2.jpg': jpeg,
    'set/3.png': jpeg,
    'set/3.json': '{"captions":"quş"}',
  });
};

it('joins the files of a stem into a sample', async () => {
  const jpeg = await jpegOf();
  const tar = join(await folderOf({ 'a.tar': await good() }), 'a.tar');
  const pairs = await collect(readWebdataset(configOf([tar]), 'train'));
  expect(pairs.map(({ imageId, captions }) => [imageId, ...captions])).toEqual([
    ['set/1', 'it', 'qara it'],
    ['set/2', 'ev'],
    ['set/3', 'quş'],
  ]);
  expect(pairs[0]?.image).toEqual({ archive: tar, start: 512, length: jpeg.length, name: `${tar}: set/1.jpg` });
  for (const { image } of pairs) expect(await decodeImage(image)).toMatchObject({ width: 8, height: 8 });
});

it('reads over HTTP, and names what the server says', async () => {
  const bytes = await good();
  const server = createServer((request, response) => {
    if (request.url !== '/a-1.tar') response.writeHead(404).end();
    else response.end(bytes);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  try {
    const config = configOf([`${base}/a-{1..1}.tar`]);
    const passing = await collect(readWebdataset(config, 'train'));
    expect(passing).toHaveLength(3);
    const kept = await collect(readWebdataset(config, 'train', { imageCache: await folderOf({}) }));
    for (const [i, { image, ...rest }] of kept.entries()) {
      expect(image).not.toHaveProperty('bytes');
      expect({ ...rest, image: await decodeImage(image) }).toEqual({
        ...passing[i],
        image: await decodeImage(passing[i]?.image as ImageSource),
      });
    }
    await expect(collect(readWebdataset(configOf([`${base}/b.tar`]), 'train'))).rejects.toThrow(
      `${base}/b.tar: expected status 200, got 404`,
    );
  } finally {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
  await expect(collect(readWebdataset(configOf([`${base}/a-1.tar`]), 'train'))).rejects.toThrow('expected an answer');
});

it('reports names that lead out of the folder, and samples that lack a part', async () => {
  const jpeg = await jpegOf();
  const tar = await tarOf({
    '../../evil.jpg': jpeg,
    '/root/evil.jpg': jpeg,
    '1.txt': 'şəkilsiz',
    '2.jpg': jpeg,
    '3.jpg': jpeg,
    '3.json': '{"captions":7}',
    '4.jpg': jpeg,
    '4.txt': 'it',
  });
  const path = join(await folderOf({ 'a.tar': tar }), 'a.tar');
  const issues: DataIssue[] = [];
  const onIssue = (issue: DataIssue) => issues.push(issue);
  const pairs = await collect(readWebdataset(configOf([path], { onInvalid: 'skip' }), 'train', { onIssue }));
  expect(pairs.map(({ imageId }) => imageId)).toEqual(['4']);
  expect(issues.map(({ kind, place }) => `${kind} ${place.slice(path.length + 2)}`)).toEqual([
    'malformed ../../evil.jpg',
    'malformed /root/evil.jpg',
    'missing-image 1',
    'no-captions 2',
    'malformed 3',
  ]);
  await expect(collect(readWebdataset(configOf([path]), 'train'))).rejects.toThrow(
    'a.tar: ../../evil.jpg: expected a name',
  );
});

it('names a tar that is cut, no tar, or not there', async () => {
  const bytes = await good();
  const folder = await folderOf({ 'cut.tar': bytes.subarray(0, 700), 'text.tar': 'x'.repeat(2000) });
  for (const name of ['cut.tar', 'text.tar', 'none.tar']) {
    const reading = collect(readWebdataset(configOf([join(folder, name)]), 'train'));
    await expect(reading).rejects.toThrow(`${join(folder, name)}: expected a tar that reads to its end, got "`);
  }
});

const published = join(__dirname, '../../../../../shared/data/webdataset/image1.tar');
const present = existsSync(published);
(present ? it : it.skip)(`reads a published tar${present ? '' : ` (absent: ${published})`}`, async () => {
  const entries = await collect(readTar(published));
  expect(entries.map(({ name }) => name)).toEqual(['123_456.jpg', '208_495.jpg', '321_421.jpg', '389_535.jpg']);
  for (const entry of entries) {
    if ('problem' in entry) throw new Error(entry.problem);
    const [width, height] = entry.name.replace('.jpg', '').split('_').map(Number);
    expect(await decodeImage({ bytes: entry.bytes ?? Buffer.alloc(0), name: entry.name })).toMatchObject({
      width,
      height,
    });
  }
});
