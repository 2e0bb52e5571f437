import { createRequire } from 'node:module';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { itIsAVectorStore } from '../store-contract.spec.helper.ts';
import { LanceStore, type LanceConnection } from './lance-store.ts';

interface Lance {
  connect(folder: string): Promise<LanceConnection & { close(): void }>;
}

/** The package, from a folder of its own: it weighs 196 MB and brings two more runtimes, so the project does not install
 * it (docs/decisions/0112). */
const place = process.env['AZCLIP_LANCEDB'];
const lance =
  place === undefined ? undefined : (createRequire(join(place, 'package.json'))('@lancedb/lancedb') as Lance);
const why =
  lance === undefined
    ? ' — skipped: AZCLIP_LANCEDB names no folder with @lancedb/lancedb (npm install --omit=optional @lancedb/lancedb@0.37.1)'
    : '';

(lance ? describe : describe.skip)(`LanceStore, on LanceDB${why}`, () => {
  let folder: string;
  let connection: Awaited<ReturnType<Lance['connect']>>;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lance-'));
    connection = await (lance as Lance).connect(folder);
  });
  afterEach(async () => {
    connection.close();
    await rm(folder, { recursive: true });
  });

  itIsAVectorStore((dim) => LanceStore.open(connection, { table: 'store', dim, fingerprint: 'm' }));

  it('holds after opening anew what was put, and refuses another model', async () => {
    const options = { table: 'kept', dim: 2, fingerprint: 'one' };
    const store = await LanceStore.open(connection, options);
    await store.put([{ id: 'a', vector: Float32Array.of(1, 0), metadata: { caption: "ş' OR true --" } }]);
    const again = await LanceStore.open(await (lance as Lance).connect(folder), options);
    const query = { k: 5, filter: { caption: "ş' OR true --" } };
    expect(await again.search(Float32Array.of(1, 0), query)).toMatchObject([[{ id: 'a', score: 1 }]]);
    const other = LanceStore.open(connection, { ...options, fingerprint: 'two' });
    await expect(other).rejects.toThrow('kept: expected a table made by model two…, got one by one…');
    const hostile = LanceStore.open(connection, { ...options, table: "x'; --" });
    await expect(hostile).rejects.toThrow('table: expected lower-case letters, digits and _');
  });
});
