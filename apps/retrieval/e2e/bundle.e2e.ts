import { spawnSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { extname, join } from 'node:path';
import type { AddressInfo } from 'node:net';

import type { Browser } from 'playwright-core';

import { makeTestFolder, type TestFolder } from '../src/test-folder.spec.helper.ts';
import { describeInBrowser, startBrowser } from './browser.ts';

const main = join(__dirname, '../dist/main.js');
const types: Record<string, string> = {
  ...{ '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript', '.mjs': 'text/javascript' },
  ...{ '.json': 'application/json', '.wasm': 'application/wasm', '.webp': 'image/webp' },
};

/** A plain file server, as any host of static files is. */
async function serveFiles(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    const file = join(folder, path === '/' ? 'index.html' : decodeURIComponent(path));
    response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream');
    createReadStream(file)
      .on('error', () => response.writeHead(404).end())
      .pipe(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

describeInBrowser('the bundled site', () => {
  let test: TestFolder;
  let server: Server;
  let browser: Browser;
  const run = (...args: string[]): string => {
    const options = [`--model=${test.model}`, `--images=${test.photos}`];
    return spawnSync(process.execPath, [main, ...args, ...options], { encoding: 'utf8' }).stdout;
  };
  beforeAll(async () => {
    test = await makeTestFolder();
    run('bundle', `--out=${join(test.folder, 'site')}`);
    server = await serveFiles(join(test.folder, 'site'));
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    server.close();
    await test.remove();
  });

  it('gives the hits and scores of the search command, in the browser alone', async () => {
    const page = await browser.newPage();
    for (const query of ['mavi', 'QIRMIZI yaşıl', 'ağ divar']) {
      const expected = JSON.parse(run('search', '--json', query)) as { file: string; score: number }[];
      const { port } = server.address() as AddressInfo;
      await page.goto(`http://127.0.0.1:${String(port)}/?${new URLSearchParams({ q: query }).toString()}`);
      await page.locator('.hit').nth(4).waitFor();
      const facts = await page.locator('.hit .facts').allTextContents();
      const shown = facts.map((text) => /^(\S+) · \S+ (-?[\d.]+)$/u.exec(text)?.slice(1));
      expect(shown).toEqual(expected.map(({ file, score }) => [file, score.toFixed(3)]));
    }
    expect(await page.locator('[for=file]').isVisible()).toBe(false); // no image tower, no upload
  });
});
