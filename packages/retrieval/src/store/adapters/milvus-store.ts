import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

import { checkItems, countQueries } from '../check-items.ts';
import { otherModel } from '../other-model.ts';
import { StoreError } from '../store-error.ts';
import type { Hit, Metadata, MetadataFilter, SearchOptions, StoreItem, VectorStore } from '../vector-store.ts';

/** What this store asks of a Milvus client: `HttpClient` of `@zilliz/milvus2-sdk-node` has it. Its named functions are passed
 * over: that for searches fails on an answer without hits (2.6.11 reads `topks` there, which the server leaves out). */
export interface MilvusClientLike {
  /** Calls a route of the server's interface v2. */
  POST<Reply>(path: string, body: Record<string, unknown>): Promise<Reply>;
}

/** Which collection holds the vectors. */
export interface MilvusOptions {
  /** Letters, digits and `_`, no digit first; made where there is none. */
  readonly collection: string;
  readonly dim: number;
  /** Name of the model that makes vectors and queries; a collection made by another is refused. */
  readonly fingerprint: string;
  /** Longest wait for the server to load the collection, milliseconds; default 60,000. */
  readonly loadTimeoutMs?: number;
}

interface Row {
  readonly id: string;
  readonly metadata: string;
  readonly vector?: readonly number[];
  readonly distance?: number;
}

type Ask = <Data>(path: string, body: Record<string, unknown>) => Promise<Data>;

/** Collection in which every store has its fingerprint. */
const STORES = 'azclip_stores';

/** Most rows of one request: a thousand vectors of 512 numbers are 10 MB of JSON. */
const PAGE = 1000;

/** Longest text of a field, bytes. @see https://milvus.io/docs/string.md */
const LONGEST_TEXT = 65_535;

/** Most values of a list. @see https://milvus.io/docs/array_data_type.md */
const MOST_FACETS = 4096;

const whole = { outputFields: ['id', 'metadata', 'vector'], consistencyLevel: 'Strong' };

/** Vectors in Milvus 2.4 or later, for galleries past one machine. Searches are exact, and see what was put. The client is the
 * caller's.
 * @see https://milvus.io/docs */
export class MilvusStore implements VectorStore {
  readonly dim: number;
  readonly #ask: Ask;

  private constructor(ask: Ask, dim: number) {
    this.#ask = ask;
    this.dim = dim;
  }

  /** Opens the collection, making it where there is none.
   * @throws {StoreError} if it was made by another model, or the server refuses. */
  static async open(client: MilvusClientLike, options: MilvusOptions): Promise<MilvusStore> {
    const { collection, dim, fingerprint, loadTimeoutMs = 60_000 } = options;
    if (!/^[A-Za-z_]\w{0,63}$/u.test(collection) || collection === STORES) {
      const rule = 'expected letters, digits and _, no digit first';
      throw new StoreError(`collection: ${rule}, got ${JSON.stringify(collection)}`);
    }
    const stores = asking(client, STORES);
    await makeMissing(stores, 2, loadTimeoutMs);
    const [made] = await stores<Row[]>('entities/query', { ...whole, filter: isOneOf([collection]), limit: 1 });
    if (made === undefined) {
      const own = { id: collection, vector: [1, 0], metadata: fingerprint, facets: [] };
      await stores('entities/upsert', { data: [own] });
    } else if (made.metadata !== fingerprint) {
      throw otherModel(collection, 'a collection made', { made: made.metadata, asked: fingerprint });
    }
    const ask = asking(client, collection);
    await makeMissing(ask, dim, loadTimeoutMs);
    return new MilvusStore(ask, dim);
  }

  async size(): Promise<number> {
    const count = 'count(*)';
    const body = { outputFields: [count], consistencyLevel: 'Strong' };
    const [row] = await this.#ask<Record<string, unknown>[]>('entities/query', { ...body, filter: '' });
    return Number(row?.[count] ?? 0);
  }

  async put(items: readonly StoreItem[]): Promise<void> {
    checkItems(items, this.dim);
    const rows = [...new Map(items.map((item) => [item.id, item])).values()].map(toRow);
    for (const data of pages(rows)) await this.#ask('entities/upsert', { data });
  }

  async delete(ids: readonly string[]): Promise<number> {
    const there = (await this.get(ids)).flatMap((item) => (item ? [item.id] : []));
    for (const page of pages(there)) await this.#ask('entities/delete', { filter: isOneOf(page) });
    return there.length;
  }

  async get(ids: readonly string[]): Promise<(StoreItem | undefined)[]> {
    const found = new Map<string, StoreItem>();
    for (const page of pages([...new Set(ids)])) {
      const rows = await this.#ask<Row[]>('entities/query', { ...whole, filter: isOneOf(page), limit: page.length });
      for (const row of rows) found.set(row.id, toItem(row));
    }
    return ids.map((id) => found.get(id));
  }

  async search(queries: Float32Array, { k, offset = 0, filter = {} }: SearchOptions): Promise<Hit[][]> {
    const count = countQueries(queries, this.dim);
    const page = { limit: k, offset, filter: condition(filter) };
    const rankings: Hit[][] = [];
    for (let i = 0; i < count; i += 1) {
      const data = [Array.from(queries.subarray(i * this.dim, (i + 1) * this.dim))];
      const body = { ...page, data, annsField: 'vector', outputFields: ['id', 'metadata'], consistencyLevel: 'Strong' };
      const rows = await this.#ask<Row[]>('entities/search', body);
      rankings.push(rows.map((row) => ({ id: row.id, score: row.distance ?? NaN, metadata: metadataOf(row) })));
    }
    return rankings;
  }

  async *items(): AsyncGenerator<StoreItem> {
    let rows: Row[] = [];
    let last = '';
    do {
      rows = await this.#ask<Row[]>('entities/query', { ...whole, filter: `id > "${last}"`, limit: PAGE });
      yield* rows.map(toItem);
      last = rows.at(-1)?.id ?? ''; // a page ends with its largest id: rows come in the order of their key
    } while (rows.length === PAGE);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Calls routes with the name of a collection. The first servers of 2.4 say 200 where all is well, later ones 0. */
function asking(client: MilvusClientLike, collectionName: string): Ask {
  return async (path, body) => {
    interface Reply {
      readonly code: number;
      readonly data: never;
      readonly message?: string;
    }
    const reply = await client.POST<Reply>(`/vectordb/${path}`, { collectionName, ...body });
    if (reply.code === 0 || reply.code === 200) return reply.data;
    throw new StoreError(`${collectionName}: Milvus refused ${path}: ${reply.message ?? `code ${String(reply.code)}`}`);
  };
}

/** Makes a collection where there is none, and has it loaded. */
async function makeMissing(ask: Ask, dim: number, timeoutMs: number): Promise<void> {
  const { has } = await ask<{ readonly has: boolean }>('collections/has', {});
  if (!has) await ask('collections/create', layout(dim));
  await ask('collections/load', {});
  const until = performance.now() + timeoutMs;
  for (;;) {
    const { loadState } = await ask<{ readonly loadState: string }>('collections/get_load_state', {});
    if (loadState === 'LoadStateLoaded') return;
    if (performance.now() > until) throw new StoreError(`collection: expected Milvus to load it, got ${loadState}`);
    await setTimeout(100);
  }
}

/** Metadata stays as it is, a text; beside it stands what filters ask for. */
function layout(dim: number): Record<string, unknown> {
  const text = (maxLength: number): object => ({ dataType: 'VarChar', elementTypeParams: { max_length: maxLength } });
  const list = { dataType: 'Array', elementDataType: 'VarChar' };
  const fields = [
    { fieldName: 'id', isPrimary: true, ...text(64) },
    { fieldName: 'vector', dataType: 'FloatVector', elementTypeParams: { dim } },
    { fieldName: 'metadata', ...text(LONGEST_TEXT) },
    { fieldName: 'facets', ...list, elementTypeParams: { max_capacity: MOST_FACETS, max_length: 32 } },
  ];
  const flat = { fieldName: 'vector', indexName: 'vector', metricType: 'COSINE', params: { index_type: 'FLAT' } };
  return { schema: { autoID: false, fields }, indexParams: [flat], params: { consistencyLevel: 'Strong' } };
}

function toRow({ id, vector, metadata }: StoreItem): object {
  const text = JSON.stringify(metadata);
  const facets = Object.entries(metadata).map(([key, value]) => facet(key, value));
  if (Buffer.byteLength(text) > LONGEST_TEXT || facets.length > MOST_FACETS) {
    const most = `${String(LONGEST_TEXT)} bytes and ${String(MOST_FACETS)} keys`;
    const got = `${String(Buffer.byteLength(text))} and ${String(facets.length)}`;
    throw new StoreError(`metadata of ${id}: expected at most ${most} for Milvus, got ${got}`);
  }
  return { id, vector: Array.from(vector), metadata: text, facets };
}

/** A key with its value as 128 bits of a digest: 1 is not "1", and nothing in it has to be escaped in an expression. */
const facet = (key: string, value: Metadata[string]): string =>
  createHash('sha256')
    .update(JSON.stringify([key, value]))
    .digest('hex')
    .slice(0, 32);

/** One condition a key. */
function condition(filter: MetadataFilter): string {
  const conditions = Object.entries(filter).map(([key, wanted]) => {
    const values = (Array.isArray(wanted) ? wanted : [wanted]) as Metadata[string][];
    if (values.length === 0) return isOneOf([]);
    return `ARRAY_CONTAINS_ANY(facets, ${JSON.stringify(values.map((value) => facet(key, value)))})`;
  });
  return conditions.join(' and ');
}

/** Ids of letters, digits, `_` and `-` need no escaping; any other names nothing here. */
const isOneOf = (ids: readonly string[]): string => `id in ${JSON.stringify(ids.filter((id) => /^[\w-]+$/u.test(id)))}`;

const metadataOf = ({ metadata }: Row): Metadata => JSON.parse(metadata) as Metadata;

const toItem = (row: Row): StoreItem => ({
  ...{ id: row.id, metadata: metadataOf(row) },
  vector: Float32Array.from(row.vector ?? []),
});

function* pages<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += PAGE) yield items.slice(start, start + PAGE);
}
