import type { Server } from 'node:http';

import { QdrantClient } from '@qdrant/js-client-rest';

import { itIsAVectorStore } from '../store-contract.spec.helper.ts';
import { startQdrantDouble } from './qdrant-double.spec.helper.ts';
import { QdrantStore, type QdrantClientLike } from './qdrant-store.ts';

const connect = (url: string): QdrantClientLike => new QdrantClient({ url, checkCompatibility: false });
let collections = 0;
const fresh = (): string => `test-${String(process.pid)}-${String((collections += 1))}`;

describe('QdrantStore, by the official client over a server that answers as documented (no engine)', () => {
  let double: { readonly url: string; readonly server: Server };
  beforeAll(async () => {
    double = await startQdrantDouble();
  });
  afterAll(() => {
    double.server.closeAllConnections();
    double.server.close();
  });

  itIsAVectorStore((dim) => QdrantStore.open(connect(double.url), { collection: fresh(), dim, fingerprint: 'm' }));

  it('refuses a collection made by another model and a name that is none', async () => {
    const collection = fresh();
    const client = connect(double.url);
    await QdrantStore.open(client, { collection, dim: 2, fingerprint: 'one' });
    const other = QdrantStore.open(client, { collection, dim: 2, fingerprint: 'two' });
    await expect(other).rejects.toThrow('expected a collection made by model two…, got one by one…');
    const hostile = QdrantStore.open(client, { collection: '../x', dim: 2, fingerprint: 'one' });
    await expect(hostile).rejects.toThrow('collection: expected letters, digits, _ and -, got "../x"');
  });
});

const url = process.env['AZCLIP_QDRANT_URL'] ?? '';
const why = url === '' ? ' — skipped: AZCLIP_QDRANT_URL names no server' : '';

(url === '' ? describe.skip : describe)(`QdrantStore, on a Qdrant server${why}`, () => {
  itIsAVectorStore((dim) => QdrantStore.open(connect(url), { collection: fresh(), dim, fingerprint: 'm' }));
});
