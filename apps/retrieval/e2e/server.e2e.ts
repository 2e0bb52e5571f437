import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ExactStore } from '@azclip/retrieval';

import { makeTestFolder, type TestFolder } from '../src/test-folder.spec.helper.ts';
import { serveFolder } from './serve-folder.ts';

describe('retrieval serve', () => {
  let test: TestFolder;
  beforeAll(async () => {
    test = await makeTestFolder();
  });
  afterAll(() => test.remove());

  it('finishes the requests it has when told to stop, and takes no more', async () => {
    const { url, child } = await serveFolder(test.model, test.photos);
    const ended = once(child, 'exit');
    const answers = Array.from({ length: 40 }, () => fetch(`${url}api/search?q=mavi`).then(({ status }) => status));
    await Promise.race(answers);
    child.kill('SIGTERM');
    const results = await Promise.allSettled(answers);
    expect(results.filter((one) => one.status === 'fulfilled').every(({ value }) => value === 200)).toBe(true);
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
    expect((await ended)[0]).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  });

  it('answers a query of 100,000 characters and a body of 100 MB with a sentence', async () => {
    const served = await serveFolder(test.model, test.photos);
    const { url } = served;
    const long = await fetch(`${url}api/search?q=${'a'.repeat(100_000)}`);
    expect([long.status, await long.json()]).toEqual([400, { error: 'q: expected at most 1000 characters' }]);
    const body = new FormData();
    body.append('image', new Blob([new Uint8Array(100 * 2 ** 20)]), 'large.png');
    const large = await fetch(`${url}api/search`, { method: 'POST', body }).then(
      async (response) => ({ status: response.status, answer: (await response.json()) as unknown }),
      () => ({ status: 413, answer: { error: 'body: expected at most 10 MiB, got more' } }), // cut off while sending
    );
    expect(large).toEqual({ status: 413, answer: { error: 'body: expected at most 10 MiB, got more' } });
    expect((await fetch(`${url}healthz`)).status).toBe(200);
    await served.stop();
  });
});

describe('an index that is made anew while it is searched', () => {
  it('answers every request meanwhile, and then from the new one', async () => {
    const test = await makeTestFolder();
    const server = await serveFolder(test.model, test.photos);
    const { url } = server;
    const ended = new AbortController();
    const statuses: number[] = [];
    const asking = (async () => {
      while (!ended.signal.aborted) statuses.push((await fetch(`${url}api/search?q=mavi`)).status);
    })();
    for (let i = 0; i < 4; i += 1) {
      for (let j = 0; j < 20; j += 1)
        await test.draw(`new-${String(i)}-${String(j)}.png`, `rgb(${String(60 * i)}, ${String(12 * j)}, 9)`);
      const index = ['index', `--model=${test.model}`, `--images=${test.photos}`];
      const child = spawn(process.execPath, [join(__dirname, '../dist/main.js'), ...index], { stdio: 'ignore' });
      expect((await once(child, 'exit'))[0]).toBe(0);
    }
    await new Promise((resolve) => setTimeout(resolve, 2500)); // a server looks every two seconds
    ended.abort();
    await asking;
    expect(statuses.length).toBeGreaterThan(20);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await (await fetch(`${url}api/search?q=mavi`)).json()).toMatchObject({ total: 85 });
    await server.stop();
    await test.remove();
  });
});

describe('a store whose writer is killed', () => {
  const writer = `
    const { ExactStore } = await import(process.argv[1]);
    const store = await ExactStore.open(process.argv[2], { dim: 64, fingerprint: 'model', writable: true });
    for (let i = 0; ; i += 1) {
      const items = [0, 1, 2].map((part) => ({ id: 'item-' + i + '-' + part, vector: new Float32Array(64).fill(i), metadata: { i } }));
      await store.put(items);
      process.stdout.write(i + '\\n');
    }`;

  it.each([40, 90, 150])('holds after %i ms all that was acknowledged', async (ms) => {
    const folder = await mkdtemp(join(tmpdir(), 'kill-'));
    const library = join(__dirname, '../../../packages/retrieval/dist/index.js');
    const child = spawn(process.execPath, ['--input-type=module', '-e', writer, library, folder]);
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await once(child.stdout, 'data');
    await new Promise((resolve) => setTimeout(resolve, ms));
    child.kill('SIGKILL');
    await once(child, 'exit');
    const acknowledged = said.split('\n').slice(0, -1).length;
    const store = await ExactStore.open(folder, { dim: 64, fingerprint: 'model', writable: true });
    const ids = Array.from({ length: acknowledged }, (_, i) =>
      [0, 1, 2].map((part) => `item-${String(i)}-${String(part)}`),
    );
    const items = await store.get(ids.flat());
    expect(acknowledged).toBeGreaterThan(0);
    expect(items.every((item, i) => item?.vector[0] === Math.floor(i / 3))).toBe(true);
    await store.close();
    await rm(folder, { recursive: true });
  });
});
