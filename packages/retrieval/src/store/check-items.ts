import { StoreError } from './store-error.ts';
import type { Metadata, MetadataFilter, StoreItem } from './vector-store.ts';

const safeId = /^[\w-]{1,64}$/u;

/** Whether `id` may name an item: no path, no markup, nothing to escape. */
export function isSafeId(id: string): boolean {
  return safeId.test(id);
}

/** @throws {StoreError} if an id is unsafe, or a vector has not `dim` finite numbers. */
export function checkItems(items: readonly StoreItem[], dim: number): void {
  for (const { id, vector } of items) {
    if (!isSafeId(id)) {
      throw new StoreError(`id: expected 1 to 64 letters, digits, _ or -, got ${JSON.stringify(id.slice(0, 80))}`);
    }
    if (vector.length !== dim) {
      throw new StoreError(`vector of ${id}: expected ${String(dim)} numbers, got ${String(vector.length)}`);
    }
    if (!vector.every(Number.isFinite)) throw new StoreError(`vector of ${id}: expected finite numbers, got NaN or ∞`);
  }
}

/** Number of rows in `queries`.
 * @throws {StoreError} if they are no rows of `dim` numbers. */
export function countQueries(queries: Float32Array, dim: number): number {
  if (queries.length % dim === 0) return queries.length / dim;
  throw new StoreError(`query: expected rows of ${String(dim)} numbers, got ${String(queries.length)} numbers`);
}

/** Whether `metadata` has what `filter` asks under every key. */
export function passesFilter(metadata: Metadata, filter: MetadataFilter): boolean {
  return Object.entries(filter).every(([key, wanted]) => {
    const value = metadata[key];
    return value !== undefined && (Array.isArray(wanted) ? wanted.includes(value) : wanted === value);
  });
}
