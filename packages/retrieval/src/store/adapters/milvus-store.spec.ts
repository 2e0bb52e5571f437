import type { Server } from 'node:http';

import { HttpClient } from '@zilliz/milvus2-sdk-node';

import { itIsAVectorStore, randomItems } from '../store-contract.spec.helper.ts';
import { startMilvusDouble } from './milvus-double.spec.helper.ts';
import { MilvusStore, type MilvusClientLike } from './milvus-store.ts';

const connect = (endpoint: string): MilvusClientLike => new HttpClient({ endpoint });
let collections = 0;
const fresh = (): string => `test_${String(process.pid)}_${String(Date.now())}_${String((collections += 1))}`;

let double: { readonly url: string; readonly server: Server };
const open = (dim: number): Promise<MilvusStore> =>
  MilvusStore.open(connect(double.url), { collection: fresh(), dim, fingerprint: 'm' });

describe('MilvusStore, by the official client over a server that answers as documented (no engine)', () => {
  beforeAll(async () => {
    double = await startMilvusDouble();
  });
  afterAll(() => {
    double.server.closeAllConnections();
    double.server.close();
  });

  itIsAVectorStore(open);
  itHandlesExpressions();
  itRefuses();
});

function itHandlesExpressions(): void {
  it('finds nothing in an empty collection, and nothing under a key that may take no value', async () => {
    const store = await open(2);
    expect(await store.search(Float32Array.of(1, 0), { k: 3 })).toEqual([[]]);
    await store.put([{ id: 'a', vector: Float32Array.of(1, 0), metadata: { place: 1 } }]);
    expect(await store.search(Float32Array.of(1, 0), { k: 3, filter: { place: [] } })).toEqual([[]]);
  });

  it('keeps 1, "1" and quotes apart in filters', async () => {
    const store = await open(2);
    const values = [1, '1', true, '"] or id > "', ''];
    await store.put(
      values.map((value, i) => ({ id: `i${String(i)}`, vector: Float32Array.of(1, 0), metadata: { value } })),
    );
    for (const [i, value] of values.entries()) {
      const [hits] = await store.search(Float32Array.of(1, 0), { k: 9, filter: { value } });
      expect(hits?.map(({ id }) => id)).toEqual([`i${String(i)}`]);
    }
  });

  it('gives back more items than one page holds, each once', async () => {
    const store = await open(2);
    await store.put(randomItems(2001, 2));
    const ids = new Set<string>();
    for await (const { id } of store.items()) ids.add(id);
    expect(ids.size).toBe(2001);
    expect(await store.delete([...ids, '" or id > "'])).toBe(2001);
    expect(await store.size()).toBe(0);
  });
}

function itRefuses(): void {
  it('refuses metadata longer than Milvus holds before anything is added', async () => {
    const store = await open(2);
    const [good] = randomItems(1, 2);
    const long = { id: 'long', vector: Float32Array.of(1, 0), metadata: { caption: 'ə'.repeat(40_000) } };
    await expect(store.put(good ? [good, long] : [])).rejects.toThrow('metadata of long: expected at most 65535 bytes');
    expect(await store.size()).toBe(0);
  });

  it('refuses a collection made by another model and a name that is none', async () => {
    const collection = fresh();
    const client = connect(double.url);
    await MilvusStore.open(client, { collection, dim: 2, fingerprint: 'one' });
    const other = MilvusStore.open(client, { collection, dim: 2, fingerprint: 'two' });
    await expect(other).rejects.toThrow('expected a collection made by model two…, got one by one…');
    const hostile = MilvusStore.open(client, { collection: '../x', dim: 2, fingerprint: 'one' });
    await expect(hostile).rejects.toThrow('collection: expected letters, digits and _, no digit first, got "../x"');
  });

  it("passes the server's refusal on in a sentence", async () => {
    const store = MilvusStore.open(connect(double.url), { collection: fresh(), dim: 1, fingerprint: 'm' });
    await expect(store).rejects.toThrow(/Milvus refused collections\/create: invalid dimension/u);
  });
}

const url = process.env['AZCLIP_MILVUS_URL'] ?? '';
const why = url === '' ? ' — skipped: AZCLIP_MILVUS_URL names no server' : '';

(url === '' ? describe.skip : describe)(`MilvusStore, on a Milvus server${why}`, () => {
  itIsAVectorStore((dim) => MilvusStore.open(connect(url), { collection: fresh(), dim, fingerprint: 'm' }));
});
