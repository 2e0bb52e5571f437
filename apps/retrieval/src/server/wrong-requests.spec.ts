import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { openForIndexing } from '@azclip/retrieval';
import { updateIndex } from '@azclip/retrieval/indexing';

import { openEmbedder } from '../embedder.ts';
import { hugePng } from '../huge-png.spec.helper.ts';
import { makeTestFolder } from '../test-folder.spec.helper.ts';
import { plain, TestServer, upload, type Answer } from './test-server.spec.helper.ts';

const server = new TestServer();
beforeEach(() => server.prepare());
afterEach(() => server.stop());

describe('a request that is wrong is told so in a sentence', () => {
  beforeEach(() => server.start({ maxPixels: 1_000_000, maxBody: 2 ** 20 }));

  it.each([
    ['no query', '/api/search', 400, 'q: '],
    ['an empty query', '/api/search?q=%20', 400, 'q: expected words to look for, got none'],
    [
      'a query of 100,000 characters',
      `/api/search?q=${'a'.repeat(100_000)}`,
      400,
      'q: expected at most 1000 characters',
    ],
    ['a k that is none', '/api/search?q=mavi&k=x', 400, 'k: '],
    ['an id that leads out', '/api/images/..%2F..%2Fetc%2Fpasswd', 400, 'id: expected 1 to 64 letters'],
    ['an unknown id', '/api/images/unknown', 404, 'id: expected an image of the index, got unknown'],
    ['an unknown similar', '/api/similar?id=unknown', 404, 'id: expected an image of the index, got unknown'],
    ['an unknown route', '/api/none', 404, '/api/none: expected a route of the server, got none'],
  ])('%s', async (_, path, status, message) => {
    const answer = await server.ask(path);
    expect(answer.status).toBe(status);
    expect(answer.error).toContain(message);
  });

  it.each(['🚗🏠', 'مرحبا بالعالم', '\u202eqırmızı', "'; drop table--", '<script>alert(1)</script>', '%00'])(
    'but %s is a query',
    async (q) => {
      expect((await server.ask(`/api/search?${new URLSearchParams({ q }).toString()}`)).status).toBe(200);
    },
  );
});

describe('a body that is wrong is told so in a sentence', () => {
  beforeEach(() => server.start({ maxPixels: 1_000_000, maxBody: 2 ** 20 }));

  it('a body that is no JSON, or says something else', async () => {
    const post = (body: string): Promise<Answer> =>
      server.ask('/api/feedback', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(await post('{"session": ')).toMatchObject({ status: 400, error: 'Malformed JSON in request body' });
    const unknown = await post('{"session":"s","q":"mavi","id":"x","value":"up"}');
    expect(unknown).toMatchObject({ status: 404 });
    expect(await post('{"session":"s","q":"mavi","id":"../x","value":"up"}')).toMatchObject({ status: 400 });
  });

  it('an upload that is no image, too many pixels, or too many bytes', async () => {
    expect(await server.ask('/api/search', upload(Buffer.from('no image')))).toMatchObject({ status: 415 });
    const large = await plain('#fff', 1100, 1000);
    const tooLarge = await server.ask('/api/search', upload(large));
    expect(tooLarge).toMatchObject({ status: 413, error: 'image: expected at most 1.0 megapixels, got 1.1' });
    const heavy = await server.ask('/api/search', upload(Buffer.alloc(3 * 2 ** 20)));
    expect(heavy).toMatchObject({ status: 413, error: 'body: expected at most 1 MiB, got more' });
    const half = (await plain('#f00')).subarray(0, 90);
    expect((await server.ask('/api/search', upload(half))).status).toBe(400);
  });

  it('an image that is gone', async () => {
    const [red] = (await server.ask('/api/search?q=q%C4%B1rm%C4%B1z%C4%B1&k=1')).hits;
    await server.test.remove();
    server.test = await makeTestFolder();
    expect(await server.ask(`/api/images/${red?.id ?? ''}`)).toMatchObject({ status: 404 });
  });
});

describe('an image of 20,000 × 20,000 pixels', () => {
  const large = hugePng(20_000);

  it('is refused as an upload before it is decoded', async () => {
    await server.start();
    const before = process.memoryUsage.rss();
    const answer = await server.ask('/api/search', upload(large));
    expect(answer).toMatchObject({ status: 413, error: 'image: expected at most 50.0 megapixels, got 400.0' });
    expect(process.memoryUsage.rss() - before).toBeLessThan(300 * 2 ** 20); // decoded it would take 1,200 MB
  });

  it('is passed over by an index of its folder, with a reason', async () => {
    await writeFile(join(server.test.photos, 'huge.png'), large);
    const embedder = await openEmbedder(server.test.model, { threads: 1 });
    const index = await openForIndexing(join(server.test.folder, 'index'), server.test.photos, embedder.config);
    const reasons: string[] = [];
    for await (const { rejected } of updateIndex(index, embedder))
      reasons.push(...rejected.map(({ reason }) => reason));
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toContain('huge.png');
    expect(await index.store.size()).toBe(5);
    await index.store.close();
    await embedder.dispose();
  });
});
