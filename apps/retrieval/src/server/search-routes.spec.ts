import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import sharp from 'sharp';

import { plain, TestServer, upload } from './test-server.spec.helper.ts';

const server = new TestServer();
beforeEach(() => server.prepare());
afterEach(() => server.stop());

describe('the search interface', () => {
  beforeEach(() => server.start());

  it('finds images by words', async () => {
    const { hits, total } = await server.ask('/api/search?q=mavi&k=2');
    expect(hits.map(({ file }) => file)[0]).toBe('blue.png');
    expect([hits.length, total]).toEqual([2, 5]);
  });

  it('pages through the ranking', async () => {
    const files = async (query: string): Promise<string[]> => (await server.ask(query)).hits.map(({ file }) => file);
    const whole = await files('/api/search?q=sar%C4%B1&k=5');
    expect([
      ...(await files('/api/search?q=sar%C4%B1&k=2')),
      ...(await files('/api/search?q=sar%C4%B1&k=3&offset=2')),
    ]).toEqual(whole);
  });

  it('finds images like an uploaded one, and moves towards words given with it', async () => {
    const red = await plain('#f00');
    expect((await server.ask('/api/search', upload(red))).hits[0]?.file).toBe('red.png');
    expect((await server.ask('/api/search', upload(red, { q: 'yaşıl' }))).hits[0]?.file).toBe('yellow.png'); // red + green
  });

  it('finds images like one of the index, itself first', async () => {
    const [blue] = (await server.ask('/api/search?q=mavi&k=1')).hits;
    expect((await server.ask(`/api/similar?id=${blue?.id ?? ''}`)).hits[0]?.id).toBe(blue?.id);
  });

  it('suggests words with the letters of the language', async () => {
    expect((await server.ask('/api/search?q=qirmizi%20divar')).suggestions).toEqual(['qırmızı divar']);
  });
});

describe('a search narrowed by facts', () => {
  beforeEach(() => server.start());
  const files = async (filter: unknown, path = '/api/search?q=mavi'): Promise<string[]> => {
    const answer = await server.ask(`${path}&filter=${encodeURIComponent(JSON.stringify(filter))}`);
    return answer.hits.map(({ file }) => file);
  };

  it('keeps to images that have them, one value or any of several', async () => {
    expect(await files({ album: 'yay' })).toEqual(['green.png', 'red.png']);
    expect(await files({ album: ['yay', 'qış'], year: 2001 })).toEqual(['blue.png', 'green.png']);
    expect(await files({ year: '2001' })).toEqual([]); // text is no number
    const body = upload(await plain('#00f'), { filter: '{"album":"yay"}' });
    expect((await server.ask('/api/search', body)).hits).toHaveLength(2);
  });

  it('says by what it can be narrowed, and what a filter looks like', async () => {
    const described: unknown = await (await server.request('/api/index')).json();
    expect(described).toMatchObject({ facets: { album: ['qış', 'yay'], year: [1999, 2001] } });
    for (const wrong of ['{', '[]', '{"a":{}}', '{"a":[]}', '1']) {
      const answer = await server.ask(`/api/search?q=mavi&filter=${encodeURIComponent(wrong)}`);
      expect(answer).toMatchObject({
        status: 400,
        error: 'filter: expected JSON such as {"album":"yay","year":[1999,2000]}',
      });
    }
  });
});

describe('how sure an answer is', () => {
  beforeEach(() => server.start());

  it('is said of words, by the score of the best image', async () => {
    const { hits, relevance } = await server.ask('/api/search?q=mavi');
    expect(relevance).toBeCloseTo(1 / (1 + Math.exp(25 - 50 * (hits[0]?.score ?? NaN))), 10);
  });

  it('is not said where images are part of the query: they score on another scale', async () => {
    const { hits } = await server.ask('/api/search?q=mavi');
    expect((await server.ask(`/api/similar?id=${hits[0]?.id ?? ''}`)).relevance).toBeNull();
    expect((await server.ask('/api/search', upload(await plain('#f00'), { q: 'mavi' }))).relevance).toBeNull();
    const body = JSON.stringify({ session: 'me', q: 'mavi', id: hits[1]?.id, value: 'up' });
    await server.request('/api/feedback', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect((await server.ask('/api/search?q=mavi&session=me')).relevance).toBeNull();
  });
});

describe('the rest of the interface', () => {
  beforeEach(() => server.start());

  it('ranks what was liked higher at the next search of the session, and of no other', async () => {
    const place = async (session: string): Promise<number> =>
      (await server.ask(`/api/search?q=a%C4%9F&session=${session}`)).hits.findIndex(({ file }) => file === 'blue.png');
    const before = await place('me');
    const id = (await server.ask('/api/search?q=mavi&k=1')).hits[0]?.id;
    const body = JSON.stringify({ session: 'me', q: 'ağ', id, value: 'up' });
    const headers = { 'content-type': 'application/json' };
    const { status } = await server.request('/api/feedback', { method: 'POST', headers, body });
    expect(status).toBe(204);
    expect(await place('me')).toBeLessThan(before);
    expect(await place('other')).toBe(before);
    expect(await readFile(join(server.test.folder, 'index', 'feedback.jsonl'), 'utf8')).toContain('"value":"up"');
  });

  it('gives images and their thumbnails by id', async () => {
    const [red] = (await server.ask('/api/search?q=q%C4%B1rm%C4%B1z%C4%B1&k=1')).hits;
    const full = await server.request(`/api/images/${red?.id ?? ''}`);
    expect(full.headers.get('content-type')).toBe('image/png');
    for (let time = 0; time < 2; time += 1) {
      const thumb = await server.request(`/api/images/${red?.id ?? ''}?size=thumb`); // made, then taken from the cache
      expect((await sharp(await thumb.arrayBuffer()).metadata()).format).toBe('webp');
    }
  });

  it('describes itself: index, health, metrics, interface, page', async () => {
    expect(await server.ask('/api/index')).toMatchObject({ total: 5, language: 'az', indexing: false });
    expect(await server.ask('/healthz')).toMatchObject({ status: 200 });
    expect(await (await server.request('/metrics')).text()).toContain('azclip_images 5');
    const { paths } = (await (await server.request('/openapi.json')).json()) as { paths: object };
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/api/search', '/api/images/{id}', '/api/feedback']));
    const page = await server.request('/');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(await page.text()).toContain('<form id="search"');
  });
});
