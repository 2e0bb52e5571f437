import { readdir, readFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { folderOf } from '../testing.ts';
import { localCopy } from './local-copy.ts';

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((done) => server?.close(done));
});

async function serve(answer: RequestListener): Promise<string> {
  server = createServer(answer);
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/a.tar`;
}

it('fetches a version once, and a new version anew', async () => {
  let [version, sent] = ['1', 0];
  const url = await serve((_, response) => {
    response.setHeader('etag', `"${version}"`).write(`version ${version}`);
    setTimeout(() => response.end(''), 20).unref();
    sent += 1;
  });
  const folder = await folderOf({});
  const first = await localCopy(url, folder);
  expect(await localCopy(url, folder)).toBe(first);
  version = '2';
  const second = await localCopy(url, folder);
  expect(await Promise.all([first, second].map((path) => readFile(path, 'utf8')))).toEqual(['version 1', 'version 2']);
  expect(sent).toBe(3);
});

it('fetches each time what has no version', async () => {
  let content = 'one';
  const url = await serve((_, response) => response.end(content));
  const folder = await folderOf({});
  const path = await localCopy(url, folder);
  content = 'two';
  expect(await localCopy(url, folder)).toBe(path);
  expect(await readFile(path, 'utf8')).toBe('two');
});

it('leaves nothing of a file that is cut off, and names it', async () => {
  const url = await serve((_, response) => {
    response.setHeader('content-length', 1000).write('a part');
    setTimeout(() => response.destroy(), 20).unref();
  });
  const folder = await folderOf({});
  await expect(localCopy(url, join(folder, 'cache'))).rejects.toThrow(
    `${url}: expected a file that comes whole, got "`,
  );
  expect(await readdir(join(folder, 'cache'))).toEqual([]);
});
