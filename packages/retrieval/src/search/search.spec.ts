import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createRandom } from '@azclip/base';

import { rocchio } from '../feedback/rocchio.ts';
import { ExactStore } from '../store/exact/exact-store.ts';
import { randomItems } from '../store/store-contract.spec.helper.ts';
import type { VectorStore } from '../store/vector-store.ts';
import { combineVectors, unit } from './combine-vectors.ts';
import { groupDuplicates } from './group-duplicates.ts';
import { rankImages } from './rank-images.ts';

describe('combineVectors', () => {
  it('is the unit vector of the weighted sum', () => {
    const sum = combineVectors([
      [Float32Array.of(1, 0), 0.6],
      [Float32Array.of(0, 1), 0.8],
    ]);
    expect(sum).toBeAllClose([0.6, 0.8]);
  });

  it('stays zero where parts cancel', () => {
    const cancelled = [
      [Float32Array.of(1, 0), 1],
      [Float32Array.of(1, 0), -1],
    ] as const;
    expect(combineVectors(cancelled)).toBeAllClose([0, 0]);
  });
});

describe('rocchio', () => {
  it('adds the mean of the liked and takes away the mean of the disliked', () => {
    const liked = [Float32Array.of(0, 1, 0), Float32Array.of(0, 0, 1)];
    const moved = rocchio(Float32Array.of(1, 0, 0), liked, [], { liked: 2 });
    expect(moved).toBeAllClose([1, 1, 1].map((value) => value / Math.sqrt(3))); // 1, 2·½, 2·½
  });

  it('is the query itself without feedback', () => {
    expect(rocchio(Float32Array.of(0, 1), [], [])).toBeAllClose([0, 1]);
  });

  it('lifts what is like the liked above what is like the disliked', () => {
    const items = randomItems(40, 16);
    const [query, good, bad] = items.map(({ vector }) => vector) as [Float32Array, Float32Array, Float32Array];
    const moved = rocchio(query, [good], [bad]);
    const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
    expect(dot(moved, good)).toBeGreaterThan(dot(query, good) + 0.3);
    expect(dot(moved, bad)).toBeLessThan(dot(query, bad));
  });
});

describe('groupDuplicates', () => {
  const vectors: Record<string, Float32Array> = {
    a: Float32Array.of(1, 0),
    a2: Float32Array.of(0.9998, 0.02),
    b: Float32Array.of(0.6, 0.8),
  };
  const hits = ['a', 'b', 'a2', 'c'].map((id) => ({ id, score: 1, metadata: {} }));

  it('gathers the same pictures under the best and keeps the order', () => {
    const groups = groupDuplicates(hits, ({ id }) => vectors[id], 0.98);
    expect(groups.map(({ id, duplicates }) => [id, duplicates.map((hit) => hit.id)])).toEqual([
      ['a', ['a2']],
      ['b', []],
      ['c', []],
    ]);
  });

  it('finds the same as a look at every pair', () => {
    const [dim, threshold] = [32, 0.9];
    const random = createRandom(7);
    const found = randomItems(20, dim).flatMap(({ vector, id }) =>
      [0.3, 0.1, 0.05].map((noise) => {
        const near = vector.map((value) => value + (noise * random.normal()) / Math.sqrt(dim) / 0.7);
        return { id: `${id}-${String(noise)}`, score: 0, metadata: {}, vector: unit(near) };
      }),
    );
    const leaders: typeof found = [];
    const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);
    for (const hit of found) {
      if (!leaders.some(({ vector }) => dot(vector, hit.vector) >= threshold)) leaders.push(hit);
    }
    expect(leaders.length).toBeLessThan(found.length); // some are the same, and some are not
    const groups = groupDuplicates(found, ({ id }) => found.find((hit) => hit.id === id)?.vector, threshold);
    expect(groups.map(({ id }) => id)).toEqual(leaders.map(({ id }) => id));
  });
});

const dim = 32;
const items = randomItems(200, dim);
const query = randomItems(1, dim, 99)[0]?.vector ?? new Float32Array(dim);

describe('rankImages', () => {
  let folder: string;
  let store: ExactStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rank-'));
    store = await ExactStore.open(folder, { dim, fingerprint: 'model', writable: true });
    await store.put(items);
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  it("judges the best hit by the model's curve, in a gallery of its size", async () => {
    const curve = { offset: -10, perScore: 20, perSize: 0 };
    const { hits, relevance } = await rankImages(store, query, { k: 5, curve });
    expect(relevance).toBeCloseTo(1 / (1 + Math.exp(10 - 20 * (hits[0]?.score ?? NaN))), 12);
    await store.put([{ id: 'match', vector: query, metadata: {} }]);
    const found = await rankImages(store, query, { k: 5, offset: 1, curve }); // page two is judged by the best, too
    expect(found.relevance).toBeCloseTo(1 / (1 + Math.exp(-10)), 6);
  });

  it('judges nothing without a curve, and nothing where there is no hit', async () => {
    expect((await rankImages(store, query, { k: 5 })).relevance).toBeUndefined();
    const none = { k: 5, curve: { offset: 0, perScore: 1, perSize: 0 }, filter: { group: 'none' } };
    expect(await rankImages(store, query, none)).toEqual({ hits: [], relevance: undefined });
  });

  it('pages over groups: a duplicate takes no place of its own', async () => {
    const plain = await rankImages(store, query, { k: 4 });
    const copies = items.map(({ id, vector }) => ({ id: `copy-${id}`, vector, metadata: {} }));
    await store.put(copies);
    const first = await rankImages(store, query, { k: 2, duplicatesFrom: 0.99 });
    const second = await rankImages(store, query, { k: 2, offset: 2, duplicatesFrom: 0.99 });
    const ids = [...first.hits, ...second.hits].map(({ id }) => id.replace('copy-', ''));
    expect(ids).toEqual(plain.hits.map(({ id }) => id));
    expect(first.hits[0]?.duplicates).toHaveLength(1);
  });
});

describe('DEEPEST', () => {
  it('is as far as a ranking goes', async () => {
    const asked = rankImages({} as VectorStore, query, { k: 1, offset: 20_000 });
    await expect(asked).rejects.toThrow('k + offset: expected at most 10000, got 20001');
  });
});
