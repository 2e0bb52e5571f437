import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { serve, type ServerType } from '@hono/node-server';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';

import { createReviewApp, imageNames } from '../src/review/create-review-app.ts';
import { DecisionJournal, journalPath } from '../src/review/decision-journal.ts';
import { selectItems } from '../src/review/review-item.ts';
import { describeInBrowser, startBrowser } from './browser.ts';

let browser: Browser;
let server: ServerType;
let page: Page;
let journal: DecisionJournal;
let ledger: string;

/** A ledger of three captions with their pictures. */
async function writeSet(folder: string): Promise<void> {
  ledger = join(folder, 'ledger.jsonl');
  const entries = ['<b>it</b>', 'pişik', 'quş'].map((translation, i) => ({
    ...{ id: `${String(i)}.png#0`, source: `caption ${String(i)}`, translation, quality: 0.1 * i, flags: ['meaning'] },
  }));
  await writeFile(ledger, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  await mkdir(join(folder, 'images'));
  for (let i = 0; i < 3; i += 1) {
    const image = sharp({ create: { width: 40, height: 30, channels: 3, background: '#f00' } }).png();
    await image.toFile(join(folder, 'images', `${String(i)}.png`));
  }
}

async function begin(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'review-'));
  await writeSet(folder);
  journal = await DecisionJournal.open(journalPath(ledger, 'leyla'));
  const items = await selectItems(ledger, { below: 1, limit: 10 });
  const languages = { source: 'en', target: 'az' };
  const images = join(folder, 'images');
  const app = createReviewApp({ items, journal, reviewer: 'leyla', images, imageOf: await imageNames(), languages });
  server = await new Promise<ServerType>((resolve) => {
    const listening = serve({ fetch: app.fetch, port: 0 }, () => {
      resolve(listening);
    });
  });
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`);
  await page.getByText('caption 1 of 3').waitFor();
}

async function end(): Promise<void> {
  await page.close();
  server.close();
  await journal.close();
}

describeInBrowser('the review page at work', () => {
  beforeAll(async () => {
    browser = await startBrowser();
  });
  beforeEach(begin);
  afterEach(end);
  afterAll(() => browser.close());

  it('is worked by the keyboard alone, and every decision is on the disk', async () => {
    expect(await page.locator('#translation').textContent()).toBe('<b>it</b>');
    await page.keyboard.press('e');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('ağ it');
    await page.keyboard.press('Control+Enter');
    await page.getByText('caption 2 of 3, 1 decided').waitFor();
    await page.keyboard.press('r');
    await page.getByText('caption 3 of 3, 2 decided').waitFor();
    await page.keyboard.press('a');
    await page.getByText('3 decided').waitFor();
    const lines = (await readFile(journalPath(ledger, 'leyla'), 'utf8')).trim().split('\n');
    const made = lines.map((line) => JSON.parse(line) as { verdict: string; text: string });
    expect(made.map(({ verdict, text }) => [verdict, text])).toEqual([
      ['edit', 'ağ it'],
      ['reject', 'pişik'],
      ['accept', 'quş'],
    ]);
  });

  it('goes back, leaves an edit without saving it, and shows what was said before', async () => {
    await page.keyboard.press('a');
    await page.getByText('caption 2 of 3').waitFor();
    await page.keyboard.press('e');
    await page.keyboard.type('never kept');
    await page.keyboard.press('Escape');
    expect(await page.locator('#translation').textContent()).toBe('pişik');
    await page.keyboard.press('ArrowLeft');
    await page.getByText('You said: accept').waitFor();
    await page.reload();
    await page.getByText('caption 2 of 3, 1 decided').waitFor();
    expect(journal.size).toBe(1);
  });
});

describeInBrowser('the review page in trouble and for everybody', () => {
  beforeAll(async () => {
    browser = await startBrowser();
  });
  beforeEach(begin);
  afterEach(end);
  afterAll(() => browser.close());

  it('says that a decision was not saved, and stays', async () => {
    await page.route('**/api/decisions', (route) => route.abort());
    await page.keyboard.press('a');
    await page.getByText('Not saved:').waitFor();
    expect(await page.locator('#progress').textContent()).toContain('caption 1 of 3, 0 decided');
  });

  it('shows the picture and has no violation that axe knows', async () => {
    const width = await page.locator('#image').evaluate(async (image: HTMLImageElement) => {
      await image.decode();
      return image.naturalWidth;
    });
    expect(width).toBe(40);
    await page.evaluate(axe.source);
    const violations = await page.evaluate(async () =>
      (await (window as unknown as { axe: typeof axe }).axe.run()).violations.map(({ id }) => id),
    );
    expect(violations).toEqual([]);
  });
});
