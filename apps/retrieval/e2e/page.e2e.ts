import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Browser, Page } from 'playwright-core';

import { makeTestFolder, type TestFolder } from '../src/test-folder.spec.helper.ts';
import { describeInBrowser, startBrowser } from './browser.ts';
import { serveFolder, type ServedFolder } from './serve-folder.ts';

let test: TestFolder;
let server: ServedFolder;
let browser: Browser;
let page: Page;
const hostile = '<img src=x onerror=window.hacked=1>.png';

/** Colours whose vectors stand 12° or more apart: to the test model no two of them are the same picture. */
function hues(): string[] {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  return Array.from({ length: 6 }, (_, i) => radians(12 * (i + 1))).flatMap((polar) =>
    Array.from({ length: Math.floor((90 * Math.sin(polar)) / 12) }, (_, j) => {
      const azimuth = radians(6 + (12 * j) / Math.sin(polar));
      const [x, y, z] = [Math.sin(polar) * Math.cos(azimuth), Math.sin(polar) * Math.sin(azimuth), Math.cos(polar)];
      return `rgb(${[x, y, z].map((value) => Math.round(value * 255)).join(', ')})`;
    }),
  );
}

async function begin(): Promise<void> {
  test = await makeTestFolder();
  await test.draw(hostile, 'rgb(238, 87, 27)'); // 12° from every other colour as well
  for (const [i, color] of hues().entries()) await test.draw(`hue-${String(i)}.png`, color);
  const captions = [
    { image: 'red.png', captions: ['qırmızı divar'] },
    { image: hostile, captions: ['<script>window.hacked=1</script>'] },
  ];
  await writeFile(join(test.photos, 'captions.jsonl'), captions.map((line) => JSON.stringify(line)).join('\n'));
  server = await serveFolder(test.model, test.photos);
  browser = await startBrowser();
}

async function end(): Promise<void> {
  await browser.close();
  await server.stop();
  await test.remove();
}

async function openPage(settings: Parameters<Browser['newContext']>[0] = {}): Promise<string[]> {
  const context = await browser.newContext({ locale: 'az-AZ', ...settings });
  page = await context.newPage();
  const foreign: string[] = [];
  page.on('request', (request) => {
    if (!/^(?:blob|data):/u.test(request.url()) && !request.url().startsWith(server.url)) foreign.push(request.url());
  });
  page.on('pageerror', (error) => foreign.push(error.message));
  await page.goto(server.url);
  return foreign;
}

const search = async (text: string): Promise<void> => {
  await page.getByRole('searchbox').fill(text);
  await page.getByRole('searchbox').press('Enter');
  await page.locator('#results[aria-busy=false]').waitFor({ state: 'attached' });
};
const showMore = async (): Promise<void> => {
  const count = await page.locator('.hit').count();
  await page.locator('#more').click();
  await page.locator(`.hit:nth-child(${String(count + 1)})`).waitFor();
  await page.locator('#results[aria-busy=false]').waitFor({ state: 'attached' });
};
const files = (): Promise<string[]> => page.locator('.hit .facts').allTextContents();

describeInBrowser('the page', () => {
  beforeAll(begin);
  afterAll(end);
  afterEach(() => page.context().close());

  it('searches, pages and calls nobody but its server', async () => {
    const foreign = await openPage();
    await search('qırmızı');
    expect((await files())[0]).toContain('red.png');
    expect(await page.locator('.hit').first().textContent()).toContain('qırmızı divar');
    await showMore();
    expect(new Set(await files()).size).toBe(await page.locator('.hit').count());
    expect(foreign).toEqual([]);
  });

  it('answers a link, and goes back through the history', async () => {
    await openPage();
    await page.goto(`${server.url}?q=mavi`);
    await page.locator('.hit').first().waitFor();
    expect((await files())[0]).toContain('blue.png');
    await search('sarı');
    await page.goBack();
    await page.getByText('blue.png').first().waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('mavi');
  });

  it('offers the words that may be meant', async () => {
    await openPage();
    await search('qirmizi');
    await page.getByRole('button', { name: 'qırmızı', exact: true }).click();
    await page.getByText('red.png').first().waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('qırmızı');
  });
});

describeInBrowser('the page with images and judgements', () => {
  beforeAll(begin);
  afterAll(end);
  afterEach(() => page.context().close());

  it('finds images like an uploaded one, and more like one of them', async () => {
    await openPage();
    await page.locator('#file').setInputFiles(join(test.photos, 'blue.png'));
    await page.locator('.hit').first().waitFor();
    expect((await files())[0]).toContain('blue.png');
    const second = page.locator('.hit').nth(1);
    const id = (await second.getAttribute('data-id')) ?? '';
    await second.getByRole('button', { name: 'Oxşarları' }).click();
    await page.locator(`.hit:first-child[data-id="${id}"]`).waitFor();
  });

  it('takes a judgement into account at the next search', async () => {
    await openPage();
    await search('mavi');
    const place = async (): Promise<number> => {
      while (await page.locator('#more').isVisible()) await showMore();
      return (await files()).findIndex((text) => text.includes('window.hacked'));
    };
    const before = await place();
    await page.locator('.hit', { hasText: 'window.hacked' }).getByRole('button', { name: 'Uyğundur' }).click();
    await page.getByText('Rəyiniz yadda saxlandı').waitFor();
    await search('mavi');
    expect(await place()).toBeLessThan(before);
    expect(await place()).toBeGreaterThanOrEqual(0);
  });
});

describeInBrowser('the page under bad luck', () => {
  beforeAll(begin);
  afterAll(end);
  afterEach(() => page.context().close());

  it('shows hostile file names and captions as text', async () => {
    await openPage();
    await search('<img src=x onerror=window.hacked=1>');
    await page.getByText('window.hacked').first().waitFor();
    expect(await page.evaluate('window.hacked')).toBeUndefined();
  });

  it('says what is wrong: no image, no server', async () => {
    await openPage();
    await page
      .locator('#file')
      .setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('no image') });
    await page.locator('#results[aria-busy=false]').waitFor({ state: 'attached' });
    expect(await page.getByRole('status').textContent()).toBe('Bu fayl şəkil deyil.');
    await page.getByRole('button', { name: 'Şəkli götür' }).click();
    await page.context().setOffline(true);
    await search('mavi');
    expect(await page.getByRole('status').textContent()).toContain('Serverə qoşulmaq mümkün olmadı');
  });

  it('speaks three languages and remembers the choice', async () => {
    await openPage();
    await page.getByRole('button', { name: 'RU' }).click();
    expect(await page.getByRole('button', { name: 'Искать' }).isVisible()).toBe(true);
    await page.reload();
    expect(await page.getAttribute('html', 'lang')).toBe('ru');
    await page.getByRole('button', { name: 'EN' }).click();
    expect(await page.getByRole('button', { name: 'Search' }).isVisible()).toBe(true);
  });
});

describeInBrowser('the page over images with facts', () => {
  beforeAll(async () => {
    test = await makeTestFolder();
    server = await serveFolder(test.model, test.photos);
    browser = await startBrowser();
  });
  afterAll(end);
  afterEach(() => page.context().close());

  it('narrows the search by the facts of the images', async () => {
    await openPage();
    await page.getByLabel('album').selectOption('yay');
    await search('mavi');
    expect(await page.locator('.hit').count()).toBe(2);
    await page.getByLabel('year').selectOption('1999');
    await page.waitForFunction('document.querySelectorAll(".hit").length === 1');
    expect(await page.locator('.hit').textContent()).toContain('red.png');
  });
});

describeInBrowser('the page for everybody', () => {
  beforeAll(begin);
  afterAll(end);
  afterEach(() => page.context().close());

  it.each([
    ['in the light', { colorScheme: 'light' }],
    ['in the dark', { colorScheme: 'dark' }],
    ['on a phone', { viewport: { width: 360, height: 740 } }],
  ] as const)('has no serious accessibility fault %s, and fits its window', async (_, settings) => {
    await openPage({ ...settings, bypassCSP: true }); // the checker is a script of its own
    await search('qirmizi');
    await page.addScriptTag({ path: require.resolve('axe-core') });
    const found = await page.evaluate<{ violations: { id: string; impact: string }[] }>('axe.run()');
    expect(found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
    const fits = await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth');
    expect(fits).toBe(true);
  });

  it('is used with the keyboard alone', async () => {
    await openPage();
    expect(await page.evaluate('document.activeElement.id')).toBe('query');
    await page.keyboard.type('yaşıl');
    await page.keyboard.press('Enter');
    await page.locator('.hit').first().waitFor();
    for (let i = 0; i < 5; i += 1) await page.keyboard.press('Tab'); // search, image, then the first hit
    const focused = await page.evaluate<string>('document.activeElement.closest(".hit")?.textContent ?? ""');
    expect(focused).toContain('green.png');
    await page.keyboard.press('Enter');
  });
});
