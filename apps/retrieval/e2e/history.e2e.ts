import type { Browser, Page } from 'playwright-core';

import { makeTestFolder, type TestFolder } from '../src/test-folder.spec.helper.ts';
import { describeInBrowser, startBrowser } from './browser.ts';
import { serveFolder, type ServedFolder } from './serve-folder.ts';

describeInBrowser('the addresses of the page', () => {
  let test: TestFolder;
  let server: ServedFolder;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    test = await makeTestFolder();
    server = await serveFolder(test.model, test.photos);
    browser = await startBrowser();
    page = await browser.newPage({ locale: 'az-AZ' });
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
    await test.remove();
  });
  const example = (): ReturnType<Page['getByRole']> => page.getByRole('button', { name: 'qırmızı divar', exact: true });

  it('begins with examples of what can be looked for', async () => {
    await page.goto(server.url);
    await page.getByText('5 şəkil arasında axtarın.').waitFor();
    await example().click();
    await page.locator('.hit:first-child', { hasText: 'red.png' }).waitFor();
    expect(await page.title()).toBe('qırmızı divar – azclip');
  });

  it('has one for more like an image, which leads back to what was there before', async () => {
    await page.locator('.hit').nth(2).getByRole('button', { name: 'Oxşarları' }).click();
    await page.getByText('Bu şəklə oxşarlar').waitFor();
    await page.reload();
    await page.getByText('Bu şəklə oxşarlar').waitFor();
    await page.goBack();
    await page.locator('.hit:first-child', { hasText: 'red.png' }).waitFor();
    await page.goBack();
    await example().waitFor();
    expect(await page.locator('.hit').count()).toBe(0);
  });
});
