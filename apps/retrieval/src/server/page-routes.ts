import { readFile } from 'node:fs/promises';

import type { OpenAPIHono } from '@hono/zod-openapi';

const files: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/style.css': ['style.css', 'text/css; charset=utf-8'],
  '/icon.svg': ['icon.svg', 'image/svg+xml'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
  '/view.js': ['view.js', 'text/javascript; charset=utf-8'],
  '/strings.js': ['strings.js', 'text/javascript; charset=utf-8'],
  '/api.js': ['server-api.js', 'text/javascript; charset=utf-8'],
};

/** Folder of the page's files. */
export const webFolder = new URL('../../web/', import.meta.url);

/** The page may load nothing from elsewhere and run no script written into it. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Adds the page. */
export function addPage(app: OpenAPIHono): void {
  for (const [path, [file, type]] of Object.entries(files)) {
    app.get(path, async (context) => {
      const bytes = await readFile(new URL(file, webFolder));
      const headers = { 'content-type': type, 'content-security-policy': policy, 'cache-control': 'no-cache' };
      return context.body(Uint8Array.from(bytes), 200, headers);
    });
  }
}
