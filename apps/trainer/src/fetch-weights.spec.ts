import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { fetchWeights } from './fetch-weights.ts';
import type { Bar } from './terminal/bar.ts';

const commit = 'a'.repeat(40);
const content = Buffer.alloc(3000, 'w');
const checksum = createHash('sha256').update(content).digest('hex');

/** A hub with one repository of one file, on the loopback interface. */
async function startHub(): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((request, response) => {
    const json = (value: unknown): void => void response.end(JSON.stringify(value));
    const lfs = { oid: checksum, size: content.length, pointerSize: 100 };
    if (request.url?.includes('/paths-info/')) {
      json([{ type: 'file', path: 'model.safetensors', size: content.length, oid: 'b'.repeat(40), lfs }]);
    } else if (request.url?.startsWith('/api/')) {
      json({ _id: 'x', id: 'org/model', sha: commit, siblings: [{ rfilename: 'model.safetensors' }] });
    } else {
      const isProbe = request.headers.range === 'bytes=0-0';
      const range = isProbe ? { 'content-range': `bytes 0-0/${String(content.length)}` } : {};
      const part = isProbe ? content.subarray(0, 1) : content;
      const headers = { etag: `"${checksum}"`, 'content-length': part.length, ...range };
      response.writeHead(isProbe ? 206 : 200, headers).end(part);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` };
}

it('brings what a hub id names into the cache under a bar, and asks nothing of what is on disk', async () => {
  const { server, url } = await startHub();
  const folder = await mkdtemp(join(tmpdir(), 'azclip-'));
  const shown: string[] = [];
  const bar: Bar = {
    show: (value, total, text) => shown.push(`${String(value)}/${String(total)} ${text}`),
    clear: () => undefined,
  };
  const hub = { cacheDir: folder, hubUrl: url, retryDelayMs: 1 };
  try {
    await fetchWeights(['org/model', undefined, folder], hub, bar);
    expect(shown.at(-1)).toMatch(/^3000\/3000 model\.safetensors · 0\.0 of 0\.0 MB · .* MB\/s · ETA/u);
    const stored = join(folder, 'models--org--model', 'snapshots', commit, 'model.safetensors');
    expect(await readFile(stored)).toEqual(content);
    const before = shown.length;
    await fetchWeights(['org/model'], { ...hub, offline: true }, bar);
    expect(shown).toHaveLength(before); // it is in the cache
    await expect(fetchWeights(['org/other'], { ...hub, offline: true }, bar)).rejects.toThrow('not in the cache');
  } finally {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  }
});
