import { spawnSync } from 'node:child_process';
import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { extname, join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';

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

interface ShownHit {
  readonly file: string;
  readonly score: number;
}

/** What a bundled site shows for a query. */
async function shownHits(
  browser: Browser,
  server: Server,
  query: string,
  count: number,
): Promise<(string[] | undefined)[]> {
  const page = await browser.newPage();
  const { port } = server.address() as AddressInfo;
  await page.goto(`http://127.0.0.1:${String(port)}/?${new URLSearchParams({ q: query }).toString()}`);
  await page
    .locator('.hit')
    .nth(count - 1)
    .waitFor();
  const facts = await page.locator('.hit .facts').allTextContents();
  await page.close();
  return facts.slice(0, count).map((text) => /^(\S+) · \S+ (-?[\d.]+)/u.exec(text)?.slice(1));
}

const trained = join(__dirname, '../../../runs/scenes');
const isExported = existsSync(join(trained, 'model/text.int8.onnx')) && existsSync(join(trained, 'gallery'));
const missing = isExported ? '' : ' — skipped: no runs/scenes with trainer:export --variants=int8';

(isExported ? describeInBrowser : describe.skip)(`the bundled site of a trained model in 8 bits${missing}`, () => {
  const run = (...args: string[]): string => {
    const options = [`--model=${join(trained, 'model')}`, `--images=${join(trained, 'gallery')}`];
    return spawnSync(process.execPath, [main, ...args, ...options], { encoding: 'utf8' }).stdout;
  };

  it('gives the hits of the search command with the same tower', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bundle-'));
    run('bundle', `--out=${join(folder, 'site')}`);
    const server = await serveFiles(join(folder, 'site'));
    const browser = await startBrowser();
    try {
      for (const query of ['yaşıl evin solunda qırmızı maşın', 'iki mavi pişik', 'vergi bəyannaməsi']) {
        const expected = JSON.parse(run('search', '--json', '--variant=int8', '-k', '10', query)) as ShownHit[];
        const shown = await shownHits(browser, server, query, 10);
        expect(shown.map((hit) => hit?.[0])).toEqual(expected.map(({ file }) => file));
        expect(shown.map((hit) => Number(hit?.[1]))).toBeAllClose(
          expected.map(({ score }) => score),
          0.002, // 8 bits are rounded in another order by another build
        );
      }
    } finally {
      await browser.close();
      server.close();
      await rm(folder, { recursive: true });
    }
  });
});

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
    for (const query of ['mavi', 'QIRMIZI yaşıl', 'ağ divar']) {
      const expected = JSON.parse(run('search', '--json', query)) as ShownHit[];
      const shown = await shownHits(browser, server, query, 5);
      expect(shown).toEqual(expected.map(({ file, score }) => [file, score.toFixed(3)]));
    }
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`);
    expect(await page.locator('[for=file]').isVisible()).toBe(false); // no image tower, no upload
  });
});
