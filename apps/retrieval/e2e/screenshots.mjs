/**
 * Takes the README's pictures of the page: light, dark and at phone width, as small PNGs.
 *   npx nx run retrieval:serve --model=runs/scenes/model --images=runs/scenes/gallery
 *   node apps/retrieval/e2e/screenshots.mjs http://127.0.0.1:8080/ "yaşıl evin solunda qırmızı maşın" docs/images
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { chromium } from 'playwright-core';
import sharp from 'sharp';

const [url, query, folder] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, headless: true, args: ['--no-sandbox', '--disable-gpu'] });
const looks = {
  light: { viewport: { width: 1000, height: 640 }, colorScheme: 'light' },
  dark: { viewport: { width: 1000, height: 640 }, colorScheme: 'dark' },
  phone: { viewport: { width: 360, height: 640 }, colorScheme: 'light' },
};
for (const [name, look] of Object.entries(looks)) {
  const context = await browser.newContext({ locale: 'az-AZ', ...look });
  const page = await context.newPage();
  await page.goto(`${url}?${new URLSearchParams({ q: query })}`);
  await page.locator('.hit img').first().waitFor();
  await page.waitForLoadState('networkidle');
  const picture = sharp(await page.screenshot()).png({ palette: true, effort: 10, compressionLevel: 9 });
  await picture.toFile(join(folder, `search-${name}.png`));
  await context.close();
}
await browser.close();
