import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { chromium, type Browser } from 'playwright-core';

const places = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Path of a Chromium on this machine: the variable CHROMIUM, or where systems put it. */
export const chromiumPath = places.find((path) => path !== undefined && existsSync(path));

/** `describe` where there is a Chromium; else the tests are skipped under a name that says why. */
export function describeInBrowser(name: string, tests: () => void): void {
  if (chromiumPath !== undefined) describe(name, tests);
  else describe.skip(`${name} — skipped: no chromium found (apt-get install chromium, or set CHROMIUM)`, tests);
}

/** Arguments with which Chromium has a graphics processor in software, where its build has SwiftShader. */
export const softwareGpu = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/** Whether a page of this Chromium gets a WebGPU adapter with {@link softwareGpu}. */
export function hasWebGpu(): boolean {
  if (chromiumPath === undefined) return false;
  const folder = mkdtempSync(join(tmpdir(), 'webgpu-'));
  try {
    const page = join(folder, 'page.html');
    const ask = 'navigator.gpu?.requestAdapter().then((found) => (document.title = found ? "an adapter" : "none"))';
    writeFileSync(page, `<title></title><script>${ask}</script>`);
    const args = ['--headless', '--no-sandbox', ...softwareGpu, '--virtual-time-budget=5000', '--dump-dom'];
    return spawnSync(chromiumPath, [...args, pathToFileURL(page).href], { encoding: 'utf8' }).stdout.includes(
      '<title>an adapter',
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Starts a browser that talks to nobody but the pages it is given. */
export function startBrowser(extra: readonly string[] = []): Promise<Browser> {
  const quiet = ['--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
  const args = ['--no-sandbox', '--no-first-run', ...quiet, ...extra];
  return chromium.launch({ ...(chromiumPath && { executablePath: chromiumPath }), headless: true, args });
}
