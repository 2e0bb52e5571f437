import { createRandom } from '@azclip/base';

import type { StoreItem, VectorStore } from './vector-store.ts';

/** Unit vectors drawn from `seed`, named item-0, item-1, … */
export function randomItems(count: number, dim: number, seed = 1): StoreItem[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, i) => {
    const raw = Array.from({ length: dim }, () => random.normal());
    const norm = Math.hypot(...raw);
    const vector = Float32Array.from(raw, (value) => value / norm);
    return { id: `item-${String(i)}`, vector, metadata: { group: i % 2 === 0 ? 'even' : 'odd', number: i } };
  });
}

const axes = (...vectors: number[][]): StoreItem[] =>
  vectors.map((vector, i) => ({ id: 'abc'[i] ?? '', vector: Float32Array.from(vector), metadata: { place: i } }));

type Open = (dim: number) => Promise<VectorStore>;

/** What every store must do.
 * @param open - makes an empty store of vectors of `dim` numbers; it is closed after the test. */
export function itIsAVectorStore(open: Open): void {
  let store: VectorStore;
  const start: Open = async (dim) => (store = await open(dim));
  afterEach(() => store.close());
  itSearches(start);
  itNarrows(start);
  itChanges(start);
}

function itSearches(open: Open): void {
  it('ranks by cosine, best first, with the metadata', async () => {
    const store = await open(2);
    await store.put(axes([1, 0], [0.6, 0.8], [0, 1]));
    const [hits] = await store.search(Float32Array.of(0.8, 0.6), { k: 2 });
    expect(hits?.map(({ id }) => id)).toEqual(['b', 'a']); // b: .48 + .48, a: .8, c: .6
    expect(hits?.map(({ score }) => score)).toBeAllClose([0.96, 0.8]);
    expect(hits?.map(({ metadata }) => metadata)).toEqual([{ place: 1 }, { place: 0 }]);
  });

  it('answers several queries at once, each with its own ranking', async () => {
    const store = await open(2);
    await store.put(axes([1, 0], [0, 1]));
    const rankings = await store.search(Float32Array.of(1, 0, 0, 1), { k: 1 });
    expect(rankings.map((hits) => hits.map(({ id }) => id))).toEqual([['a'], ['b']]);
  });

  it('gives every item once when k is larger than the store', async () => {
    const store = await open(2);
    await store.put(axes([1, 0], [0, 1]));
    const [hits] = await store.search(Float32Array.of(1, 0), { k: 50 });
    expect(hits?.map(({ id }) => id)).toEqual(['a', 'b']);
  });
}

function itNarrows(open: Open): void {
  it('pages through one ranking with offset', async () => {
    const store = await open(8);
    await store.put(randomItems(20, 8));
    const query = randomItems(1, 8, 2)[0]?.vector ?? new Float32Array(8);
    const [whole] = await store.search(query, { k: 20 });
    const [first] = await store.search(query, { k: 7 });
    const [second] = await store.search(query, { k: 7, offset: 7 });
    expect([...(first ?? []), ...(second ?? [])].map(({ id }) => id)).toEqual(whole?.slice(0, 14).map(({ id }) => id));
  });

  it('keeps to items whose metadata passes the filter', async () => {
    const store = await open(8);
    await store.put(randomItems(20, 8));
    const query = randomItems(1, 8, 2)[0]?.vector ?? new Float32Array(8);
    const [odd] = await store.search(query, { k: 20, filter: { group: 'odd' } });
    expect(odd?.map(({ metadata }) => metadata['number']).every((n) => Number(n) % 2 === 1)).toBe(true);
    expect(odd).toHaveLength(10);
    const [two] = await store.search(query, { k: 20, filter: { number: [4, 5], group: ['even', 'odd'] } });
    expect(two?.map(({ id }) => id).sort()).toEqual(['item-4', 'item-5']);
  });
}

function itChanges(open: Open): void {
  it('replaces the item of an id', async () => {
    const store = await open(2);
    await store.put(axes([1, 0], [0, 1]));
    await store.put([{ id: 'a', vector: Float32Array.of(0, -1), metadata: { place: 9 } }]);
    expect(await store.size()).toBe(2);
    const [hits] = await store.search(Float32Array.of(0, -1), { k: 1 });
    expect(hits).toMatchObject([{ id: 'a', metadata: { place: 9 } }]);
  });

  it('forgets deleted items and counts those that were there', async () => {
    const store = await open(2);
    await store.put(axes([1, 0], [0.6, 0.8], [0, 1]));
    expect(await store.delete(['a', 'none', 'c'])).toBe(2);
    const [hits] = await store.search(Float32Array.of(1, 0), { k: 3 });
    expect(hits?.map(({ id }) => id)).toEqual(['b']);
    expect(await store.size()).toBe(1);
  });

  it('gives items back by id, and all of them', async () => {
    const store = await open(2);
    await store.put(axes([1, 0], [0.6, 0.8]));
    const [b, none] = await store.get(['b', 'none']);
    expect(b?.vector).toBeAllClose([0.6, 0.8]);
    expect(b?.metadata).toEqual({ place: 1 });
    expect(none).toBeUndefined();
    const ids: string[] = [];
    for await (const { id } of store.items()) ids.push(id);
    expect(ids.sort()).toEqual(['a', 'b']);
  });

  it('refuses vectors of another length, numbers that are none and unsafe ids, and then adds nothing', async () => {
    const store = await open(2);
    const [good] = axes([1, 0]) as [StoreItem];
    const put = (change: Partial<StoreItem>): Promise<void> => store.put([good, { ...good, id: 'x', ...change }]);
    await expect(put({ vector: Float32Array.of(1, 0, 0) })).rejects.toThrow('vector of x: expected 2 numbers, got 3');
    await expect(put({ vector: Float32Array.of(NaN, 0) })).rejects.toThrow('vector of x: expected finite numbers');
    await expect(put({ id: '../etc' })).rejects.toThrow('id: expected 1 to 64 letters, digits, _ or -, got "../etc"');
    await expect(store.search(Float32Array.of(1, 0, 0), { k: 1 })).rejects.toThrow('query: expected rows of 2 numbers');
    expect(await store.size()).toBe(0);
  });
}
