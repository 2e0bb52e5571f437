import { itIsAVectorStore } from '../store-contract.spec.helper.ts';
import { PgliteProcess } from './pglite.spec.helper.ts';
import { PgVectorStore } from './pg-vector-store.ts';

describe('PgVectorStore, on PGlite with its vector extension', () => {
  let client: PgliteProcess;
  let tables = 0;
  beforeAll(async () => {
    client = await PgliteProcess.start();
  }, 60_000);
  afterAll(() => client.stop());

  itIsAVectorStore((dim) =>
    PgVectorStore.open(client, { table: `store_${String((tables += 1))}`, dim, fingerprint: 'm' }),
  );

  it('refuses a table made by another model and a name that is none', async () => {
    await PgVectorStore.open(client, { table: 'made', dim: 2, fingerprint: 'one' });
    const other = PgVectorStore.open(client, { table: 'made', dim: 2, fingerprint: 'two' });
    await expect(other).rejects.toThrow('made: expected a table made by model two…, got one by one…');
    const hostile = PgVectorStore.open(client, { table: 'a; DROP TABLE b', dim: 2, fingerprint: 'one' });
    await expect(hostile).rejects.toThrow('table: expected lower-case letters, digits and _');
  });

  it('takes ids, keys and values as they are, whatever SQL they hold', async () => {
    const store = await PgVectorStore.open(client, { table: 'quoted', dim: 2, fingerprint: 'm' });
    const metadata = { "it's": "'; DROP TABLE quoted; --", caption: 'ş"\\' };
    await store.put([{ id: 'a', vector: Float32Array.of(1, 0), metadata }]);
    const [hits] = await store.search(Float32Array.of(1, 0), { k: 1, filter: { "it's": "'; DROP TABLE quoted; --" } });
    expect(hits).toMatchObject([{ id: 'a', metadata }]);
  });
});
