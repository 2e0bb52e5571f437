import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { writeFileAtomic } from '@azclip/base';
import type { Index } from 'usearch';

import { countQueries } from '../check-items.ts';
import { ExactStore, type ExactStoreOptions } from '../exact/exact-store.ts';
import { dotRow } from '../exact/float-scan.ts';
import { TopK } from '../exact/top-k.ts';
import { StoreError } from '../store-error.ts';
import type { Hit, SearchOptions, StoreItem, VectorStore } from '../vector-store.ts';

/** How much the graph looks at for `k` hits before float32 decides: more than k, because the graph keeps float16. */
const candidatesFor = (k: number): number => 4 * k + 64;

/** An exact store with a graph over it (HNSW, float16, by usearch): answers from a small part of a large gallery, and
 * may miss a hit. Items stand in the exact store; the graph is a copy that can be made anew from it at any time, and is
 * where the copy on the disk is not of the store's present state. A search with a filter asks the exact store. */
export class UsearchStore implements VectorStore {
  readonly dim: number;
  readonly #exact: ExactStore;
  readonly #graph: Index;
  #ids: string[];
  readonly #keyOf: Map<string, number>;

  private constructor(exact: ExactStore, graph: Index, ids: string[]) {
    this.dim = exact.dim;
    this.#exact = exact;
    this.#graph = graph;
    this.#ids = ids;
    this.#keyOf = new Map(ids.map((id, key) => [id, key]));
  }

  /** Opens the store in `folder`.
   * @throws {StoreError} if the optional package `usearch` is not installed, or as `ExactStore.open` does. */
  static async open(folder: string, options: ExactStoreOptions): Promise<UsearchStore> {
    const { Index, MetricKind, ScalarKind } = await import('usearch').catch((error: unknown) => {
      throw new StoreError(
        `usearch: expected the package to be installed (npm install usearch@2.25.3), got ${String(error)}`,
      );
    });
    const exact = await ExactStore.open(folder, options);
    const settings = { dimensions: options.dim, metric: MetricKind.Cos, quantization: ScalarKind.F16, multi: false };
    const graph = new Index({ ...settings, connectivity: 16, expansion_add: 128, expansion_search: 64 });
    const kept = await readFile(join(folder, 'graph.json'), 'utf8').then(
      (text) => JSON.parse(text) as { readonly state: string; readonly ids: string[] },
      () => undefined,
    );
    if (kept?.state === exact.state) graph.load(join(folder, 'graph.usearch'));
    const store = new UsearchStore(exact, graph, kept?.state === exact.state ? kept.ids : []);
    if (kept?.state !== exact.state) store.#add([...exact.items()]);
    return store;
  }

  size(): Promise<number> {
    return this.#exact.size();
  }

  async put(items: readonly StoreItem[]): Promise<void> {
    await this.#exact.put(items);
    this.#remove(items.map(({ id }) => id));
    this.#add([...new Map(items.map((item) => [item.id, item])).values()]);
  }

  async delete(ids: readonly string[]): Promise<number> {
    this.#remove(ids);
    return this.#exact.delete(ids);
  }

  get(ids: readonly string[]): Promise<(StoreItem | undefined)[]> {
    return this.#exact.get(ids);
  }

  items(): Iterable<StoreItem> {
    return this.#exact.items();
  }

  async search(queries: Float32Array, options: SearchOptions): Promise<Hit[][]> {
    const count = countQueries(queries, this.dim);
    if (options.filter !== undefined || this.#keyOf.size === 0) return this.#exact.search(queries, options);
    const rankings = [];
    for (let i = 0; i < count; i += 1) {
      rankings.push(await this.#rank(queries.subarray(i * this.dim, (i + 1) * this.dim), options));
    }
    return rankings;
  }

  /** Writes the graph down, so that the next opening need not make it. */
  async close(): Promise<void> {
    const { folder, state, isWritable } = this.#exact;
    if (isWritable) {
      this.#graph.save(join(folder, 'graph.usearch'));
      await writeFileAtomic(join(folder, 'graph.json'), JSON.stringify({ state, ids: this.#ids }));
    }
    await this.#exact.close();
  }

  async #rank(query: Float32Array, { k, offset = 0 }: SearchOptions): Promise<Hit[]> {
    const wanted = Math.min(candidatesFor(k + offset), this.#keyOf.size);
    const { keys } = this.#graph.search(query, wanted, 1);
    const items = await this.#exact.get(Array.from(keys, (key) => this.#ids[Number(key)] ?? ''));
    const best = new TopK(Math.min(k + offset, wanted));
    for (const [row, item] of items.entries()) if (item) best.offer(row, dotRow(query, item.vector, 0));
    const ranked = best.ranked().slice(offset);
    return ranked.flatMap(({ row, score }) => {
      const item = items[row];
      return item ? [{ id: item.id, score, metadata: item.metadata }] : [];
    });
  }

  #add(items: readonly StoreItem[]): void {
    if (items.length === 0) return;
    const first = this.#ids.length;
    this.#ids = [...this.#ids, ...items.map(({ id }) => id)];
    const vectors = new Float32Array(items.length * this.dim);
    for (const [i, { id, vector }] of items.entries()) {
      vectors.set(vector, i * this.dim);
      this.#keyOf.set(id, first + i);
    }
    this.#graph.add(
      BigUint64Array.from(items, (_, i) => BigInt(first + i)),
      vectors,
    );
  }

  #remove(ids: readonly string[]): void {
    for (const id of ids) {
      const key = this.#keyOf.get(id);
      if (key === undefined) continue;
      this.#graph.remove(BigInt(key));
      this.#keyOf.delete(id);
    }
  }
}
