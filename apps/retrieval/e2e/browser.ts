import { existsSync } from 'node:fs';

import { chromium, type Browser } from 'playwright-core';

const places = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Path of a Chromium on this machine: the variable CHROMIUM, or where systems put it. */
export const chromiumPath = places.find((path) => path !== undefined && existsSync(path));

/** `describe` where there is a Chromium; else the tests are skipped under a name that says why. */
export function describeInBrowser(name: string, tests: () => void): void {
  if (chromiumPath !== undefined) describe(name, tests);
  else describe.skip(`${name} — skipped: no chromium found (apt-get install chromium, or set CHROMIUM)`, tests);
}

/** Starts a browser that talks to nobody but the pages it is given. */
export function startBrowser(): Promise<Browser> {
  const quiet = ['--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
  const args = ['--no-sandbox', '--no-first-run', ...quiet];
  return chromium.launch({ ...(chromiumPath && { executablePath: chromiumPath }), headless: true, args });
}
