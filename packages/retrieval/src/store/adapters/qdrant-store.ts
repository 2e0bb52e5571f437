import { createHash } from 'node:crypto';

import { checkItems, countQueries } from '../check-items.ts';
import { otherModel } from '../other-model.ts';
import { StoreError } from '../store-error.ts';
import type { Hit, Metadata, MetadataFilter, SearchOptions, StoreItem, VectorStore } from '../vector-store.ts';

/** What this store asks of a Qdrant client: `QdrantClient` of `@qdrant/js-client-rest` has it. */
export interface QdrantClientLike {
  /** Whether there is a collection of the name. */
  collectionExists(name: string): Promise<{ readonly exists: boolean }>;
  /** Makes a collection. */
  createCollection(name: string, options: object): Promise<unknown>;
  /** Adds points, or replaces those of the same id. */
  upsert(name: string, options: { readonly wait: boolean; readonly points: QdrantPoint[] }): Promise<unknown>;
  /** Deletes points by id. */
  delete(name: string, options: { readonly wait: boolean; readonly points: string[] }): Promise<unknown>;
  /** Reads points by id. */
  retrieve(name: string, options: { readonly ids: string[] } & WithParts): Promise<unknown[]>;
  /** Nearest points to a vector. */
  query(name: string, options: object): Promise<{ readonly points: unknown[] }>;
  /** Reads points page by page. */
  scroll(name: string, options: object): Promise<{ readonly points: unknown[]; readonly next_page_offset?: unknown }>;
  /** Number of points. */
  count(name: string, options: { readonly exact: boolean }): Promise<{ readonly count: number }>;
}

/** A vector with its name and what is kept beside it. */
export interface QdrantPoint {
  readonly id: string;
  readonly vector: number[];
  readonly payload: Record<string, unknown>;
}

interface WithParts {
  readonly with_payload: boolean;
  readonly with_vector: boolean;
}

/** Which collection holds the vectors. */
export interface QdrantOptions {
  /** Letters, digits, `_` and `-`; made where there is none. */
  readonly collection: string;
  readonly dim: number;
  /** Name of the model that makes vectors and queries; a collection made by another is refused. */
  readonly fingerprint: string;
}

interface Found {
  readonly vector?: number[];
  readonly score?: number;
  readonly payload: { readonly id: string; readonly metadata: Metadata };
}

/** Collection in which every store has its fingerprint. */
const STORES = 'azclip_stores';

const PAGE = 256;

const whole: WithParts = { with_payload: true, with_vector: true };

/** Vectors in Qdrant, for galleries past one machine. Searches are exact. The client is the caller's. */
export class QdrantStore implements VectorStore {
  readonly dim: number;
  readonly #client: QdrantClientLike;
  readonly #name: string;

  private constructor(client: QdrantClientLike, { collection, dim }: QdrantOptions) {
    this.#client = client;
    this.#name = collection;
    this.dim = dim;
  }

  /** Opens the collection, making it where there is none.
   * @throws {StoreError} if it was made by another model. */
  static async open(client: QdrantClientLike, options: QdrantOptions): Promise<QdrantStore> {
    const { collection, dim, fingerprint } = options;
    if (!/^[\w-]{1,64}$/u.test(collection) || collection === STORES) {
      throw new StoreError(`collection: expected letters, digits, _ and -, got ${JSON.stringify(collection)}`);
    }
    await createMissing(client, STORES, 1);
    const [made] = (await client.retrieve(STORES, { ids: [pointId(collection)], ...whole })) as {
      payload: { fingerprint: string };
    }[];
    if (made === undefined) {
      const own = { id: pointId(collection), vector: [1], payload: { collection, fingerprint } };
      await client.upsert(STORES, { wait: true, points: [own] });
    } else if (made.payload.fingerprint !== fingerprint) {
      throw otherModel(collection, 'a collection made', { made: made.payload.fingerprint, asked: fingerprint });
    }
    await createMissing(client, collection, dim);
    return new QdrantStore(client, options);
  }

  async size(): Promise<number> {
    return (await this.#client.count(this.#name, { exact: true })).count;
  }

  async put(items: readonly StoreItem[]): Promise<void> {
    checkItems(items, this.dim);
    const points = [...new Map(items.map((item) => [item.id, item])).values()].map(({ id, vector, metadata }) => {
      const facets = Object.entries(metadata).map(([key, value]) => facet(key, value));
      return { id: pointId(id), vector: Array.from(vector), payload: { id, metadata, facets } };
    });
    if (points.length > 0) await this.#client.upsert(this.#name, { wait: true, points });
  }

  async delete(ids: readonly string[]): Promise<number> {
    const there = (await this.get(ids)).flatMap((item) => (item ? [pointId(item.id)] : []));
    if (there.length > 0) await this.#client.delete(this.#name, { wait: true, points: there });
    return there.length;
  }

  async get(ids: readonly string[]): Promise<(StoreItem | undefined)[]> {
    if (ids.length === 0) return [];
    const points = (await this.#client.retrieve(this.#name, { ids: ids.map(pointId), ...whole })) as Found[];
    const found = new Map(points.map((point) => [point.payload.id, toItem(point)]));
    return ids.map((id) => found.get(id));
  }

  async search(queries: Float32Array, { k, offset = 0, filter = {} }: SearchOptions): Promise<Hit[][]> {
    const count = countQueries(queries, this.dim);
    const page = { limit: k, offset, filter: condition(filter), with_payload: true, params: { exact: true } };
    const rankings: Hit[][] = [];
    for (let i = 0; i < count; i += 1) {
      const query = Array.from(queries.subarray(i * this.dim, (i + 1) * this.dim));
      const { points } = await this.#client.query(this.#name, { query, ...page });
      const hits = (points as Found[]).map(({ score = NaN, payload: { id, metadata } }) => ({ id, score, metadata }));
      rankings.push(hits);
    }
    return rankings;
  }

  async *items(): AsyncGenerator<StoreItem> {
    let offset: unknown;
    do {
      const next = offset === undefined ? {} : { offset };
      const { points, next_page_offset } = await this.#client.scroll(this.#name, { limit: PAGE, ...next, ...whole });
      yield* (points as Found[]).map(toItem);
      offset = next_page_offset ?? undefined;
    } while (offset !== undefined);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

async function createMissing(client: QdrantClientLike, name: string, size: number): Promise<void> {
  const { exists } = await client.collectionExists(name);
  if (!exists) await client.createCollection(name, { vectors: { size, distance: 'Cosine' } });
}

/** Qdrant names points by UUIDs: one made of the item's id (version 8, RFC 9562: custom content). */
function pointId(id: string): string {
  const hex = createHash('sha256').update(id).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

const facet = (key: string, value: Metadata[string]): string => JSON.stringify([key, value]);

/** One condition a key, on the list of keys with their values: 1 is not "1", and no key is a path. */
function condition(filter: MetadataFilter): object {
  const must = Object.entries(filter).map(([key, wanted]) => {
    const values = (Array.isArray(wanted) ? wanted : [wanted]) as Metadata[string][];
    return { key: 'facets', match: { any: values.map((value) => facet(key, value)) } };
  });
  return { must };
}

const toItem = ({ vector = [], payload: { id, metadata } }: Found): StoreItem => ({
  ...{ id, metadata },
  vector: Float32Array.from(vector),
});
