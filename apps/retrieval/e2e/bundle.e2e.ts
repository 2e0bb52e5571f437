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
import { describeInBrowser, hasWebGpu, softwareGpu, startBrowser } from './browser.ts';

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

function addressOf(server: Server, parameters: Readonly<Record<string, string>> = {}): string {
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${String(port)}/?${new URLSearchParams(parameters).toString()}`;
}

/** What the site says runs its queries. */
async function engineOf(
  browser: Browser,
  server: Server,
  parameters: Readonly<Record<string, string>>,
): Promise<string> {
  const page = await browser.newPage();
  await page.goto(addressOf(server, parameters));
  const line = page.locator('#engine');
  await line.waitFor();
  const said = await line.textContent();
  await page.close();
  return said ?? '';
}

/** What a bundled site shows for a query. */
async function shownHits(
  browser: Browser,
  server: Server,
  parameters: Readonly<Record<string, string>>,
  count: number,
): Promise<(string[] | undefined)[]> {
  const page = await browser.newPage();
  await page.goto(addressOf(server, parameters));
  await page
    .locator('.hit')
    .nth(count - 1)
    .waitFor();
  const facts = await page.locator('.hit .facts').allTextContents();
  await page.close();
  return facts.slice(0, count).map((text) => /^(\S+) · \S+\s(-?[\d.]+)/u.exec(text)?.slice(1));
}

const trained = join(__dirname, '../../../runs/scenes');
const isExported = existsSync(join(trained, 'model/text.int8.onnx')) && existsSync(join(trained, 'gallery'));
const missing = isExported ? '' : ' — skipped: no runs/scenes with trainer:export --variants=int8';

const runOnTrained = (...args: string[]): string => {
  const options = [`--model=${join(trained, 'model')}`, `--images=${join(trained, 'gallery')}`];
  return spawnSync(process.execPath, [main, ...args, ...options], { encoding: 'utf8' }).stdout;
};

(isExported ? describeInBrowser : describe.skip)(`the bundled site of a trained model in 8 bits${missing}`, () => {
  it('gives the hits of the search command with the same tower', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bundle-'));
    runOnTrained('bundle', `--out=${join(folder, 'site')}`);
    const server = await serveFiles(join(folder, 'site'));
    const browser = await startBrowser();
    try {
      for (const query of ['yaşıl evin solunda qırmızı maşın', 'iki mavi pişik', 'vergi bəyannaməsi']) {
        const expected = JSON.parse(
          runOnTrained('search', '--json', '--variant=int8', '-k', '10', query),
        ) as ShownHit[];
        const shown = await shownHits(browser, server, { q: query }, 10);
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
      const shown = await shownHits(browser, server, { q: query }, 5);
      expect(shown).toEqual(expected.map(({ file, score }) => [file, score.toFixed(3)]));
    }
    const page = await browser.newPage();
    await page.goto(addressOf(server));
    expect(await page.locator('[for=file]').isVisible()).toBe(false); // no image tower, no upload
  });
});

const isTrained = existsSync(join(trained, 'model/text.onnx')) && existsSync(join(trained, 'gallery'));
const lacks = !isTrained ? 'no runs/scenes with a model' : hasWebGpu() ? '' : 'this Chromium gives no WebGPU adapter';

(lacks === '' ? describeInBrowser : describe.skip)(
  `a site with both engines${lacks && ` — skipped: ${lacks}`}`,
  bothEngines,
);

function bothEngines(): void {
  const expected = new Map<string, readonly ShownHit[]>(); // by query
  let folder: string;
  let server: Server;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bundle-'));
    runOnTrained('bundle', '--webgpu', `--out=${join(folder, 'site')}`);
    server = await serveFiles(join(folder, 'site'));
    for (const query of ['yaşıl evin solunda qırmızı maşın', 'iki mavi pişik']) {
      expected.set(query, JSON.parse(runOnTrained('search', '--json', '-k', '10', query)) as ShownHit[]);
    }
  });
  afterAll(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });
  const givesHitsOfTheServer = async (browser: Browser, engine: string, name: string): Promise<void> => {
    expect(await engineOf(browser, server, { engine })).toContain(name);
    for (const [q, hits] of expected) {
      const shown = await shownHits(browser, server, { q, engine }, 10);
      expect(shown.map((hit) => hit?.[0])).toEqual(hits.map(({ file }) => file));
      const scores = hits.map(({ score }) => score);
      expect(shown.map((hit) => Number(hit?.[1]))).toBeAllClose(scores, 0.002); // weights may be in 16 bits there
    }
  };

  it('answers by WebGPU, with the hits of the search command', async () => {
    const browser = await startBrowser(softwareGpu);
    await givesHitsOfTheServer(browser, 'webgpu', 'WebGPU').finally(() => browser.close());
  }, 180_000);

  it('answers by WebAssembly where the processor is one in software, or there is none', async () => {
    const browsers = [await startBrowser(softwareGpu), await startBrowser()] as const;
    try {
      expect(await engineOf(browsers[0], server, {})).toContain('WebAssembly'); // faster than such a processor
      await givesHitsOfTheServer(browsers[0], 'wasm', 'WebAssembly');
      await givesHitsOfTheServer(browsers[1], 'webgpu', 'WebAssembly');
    } finally {
      await Promise.all(browsers.map((browser) => browser.close()));
    }
  }, 180_000);
}
