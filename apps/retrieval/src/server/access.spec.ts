import { setTimeout } from 'node:timers/promises';

import { TestServer } from './test-server.spec.helper.ts';

const server = new TestServer();
beforeEach(() => server.prepare());
afterEach(() => server.stop());

describe('a server with a token', () => {
  beforeEach(() => server.start({ token: 'long enough' }));

  it('lets no one in without it, by header or by cookie', async () => {
    expect(await server.ask('/api/search?q=mavi')).toMatchObject({ status: 401 });
    expect(await server.ask('/api/search?q=mavi', { headers: { authorization: 'Bearer wrong' } })).toMatchObject({
      status: 401,
    });
    expect((await server.request('/metrics')).status).toBe(401);
    const headers = { authorization: 'Bearer long enough' };
    expect(await server.ask('/api/search?q=mavi', { headers })).toMatchObject({ status: 200 });
    const cookie = (await server.request('/api/session', { method: 'POST', headers })).headers.get('set-cookie') ?? '';
    expect(cookie).toContain('HttpOnly; SameSite=Strict');
    expect(await server.ask('/api/search?q=mavi', { headers: { cookie } })).toMatchObject({ status: 200 });
  });

  it('takes up new images when told to', async () => {
    const headers = { authorization: 'Bearer long enough' };
    await server.test.draw('purple.png', '#808');
    expect((await server.request('/api/index', { method: 'POST', headers })).status).toBe(202);
    const until = performance.now() + 10_000;
    let described = { indexing: true, total: 0 };
    while (described.indexing && performance.now() < until) {
      await setTimeout(20);
      described = (await (await server.request('/api/index', { headers })).json()) as typeof described;
    }
    expect(described).toMatchObject({ indexing: false, total: 6 });
  });
});

describe('the log and other origins', () => {
  it('holds no queries, and no one else may call, unless wanted', async () => {
    await server.start();
    const response = await server.request('/api/search?q=mavi', { headers: { origin: 'https://example.org' } });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(server.log).toContain('"route":"/api/search"');
    expect(server.log).not.toContain('mavi');
    expect((await server.request('/api/index', { method: 'POST' })).status).toBe(403);
  });

  it('does when it is wanted', async () => {
    await server.start({ logQueries: true, cors: ['https://example.org'] });
    const response = await server.request('/api/search?q=mavi', { headers: { origin: 'https://example.org' } });
    expect(response.headers.get('access-control-allow-origin')).toBe('https://example.org');
    expect(server.log).toContain('"query":"mavi"');
  });
});
