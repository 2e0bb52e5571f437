import { createRequire } from 'node:module';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { itIsAVectorStore, randomItems } from '../store-contract.spec.helper.ts';
import { ExactStore } from '../exact/exact-store.ts';
import { UsearchStore } from './usearch-store.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usearch-'));
});
afterEach(() => rm(folder, { recursive: true }));

const isInstalled = ((): boolean => {
  try {
    createRequire(__filename)('usearch');
    return true;
  } catch {
    return false;
  }
})();
const why = isInstalled ? '' : ' — skipped: the optional package usearch did not install here';

const options = { dim: 16, fingerprint: 'm', writable: true };

(isInstalled ? describe : describe.skip)(`UsearchStore${why}`, () => {
  itIsAVectorStore((dim) => UsearchStore.open(folder, { dim, fingerprint: 'm', writable: true }));
});

(isInstalled ? describe : describe.skip)(`UsearchStore over many items${why}`, () => {
  it('finds what the exact store finds, also after reopening and after changes by another hand', async () => {
    const items = randomItems(2000, 16);
    const queries = randomItems(20, 16, 9);
    const store = await UsearchStore.open(folder, options);
    await store.put(items.slice(0, 1500));
    await store.close();
    const exact = await ExactStore.open(folder, options);
    await exact.put(items.slice(1500));
    const expected = await Promise.all(queries.map(({ vector }) => exact.search(vector, { k: 10 })));
    await exact.close();
    for (let time = 0; time < 2; time += 1) {
      const again = await UsearchStore.open(folder, options); // made anew, then loaded
      const found = await Promise.all(queries.map(({ vector }) => again.search(vector, { k: 10 })));
      const ids = (rankings: typeof found): string[] => rankings.flat(2).map(({ id }) => id);
      const missed = ids(expected).filter(
        (id, i) =>
          !ids(found)
            .slice(Math.floor(i / 10) * 10)
            .includes(id),
      );
      expect(missed.length).toBeLessThanOrEqual(4); // of 200: recall ≥ 0.98
      await again.close();
    }
  });
});
