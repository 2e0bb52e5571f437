import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Row {
  readonly id: string;
  readonly vector: number[];
  readonly metadata: string;
  readonly facets: readonly string[];
}

interface Body {
  readonly collectionName: string;
  readonly schema?: { readonly fields: { readonly fieldName: string; readonly elementTypeParams: { dim?: number } }[] };
  readonly data?: unknown[];
  readonly filter?: string;
  readonly limit?: number;
  readonly offset?: number;
  readonly outputFields?: (keyof Row | 'count(*)')[];
}

interface Collection {
  readonly dim: number;
  readonly rows: Map<string, Row>;
  loaded: boolean;
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);
const cosine = (a: readonly number[], b: readonly number[]): number => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));

/** Rows that an expression of the store's three forms keeps; any other is refused, as by the server. */
function keeps(filter: string): (row: Row) => boolean {
  const tests = filter === '' ? [] : filter.split(' and ').map(test);
  return (row) => tests.every((passes) => passes(row));
}

function test(expression: string): (row: Row) => boolean {
  const [, ids] = /^id in (\[.*\])$/u.exec(expression) ?? [];
  const [, after] = /^id > "([\w-]*)"$/u.exec(expression) ?? [];
  const [, facets] = /^ARRAY_CONTAINS_ANY\(facets, (\[.+\])\)$/u.exec(expression) ?? [];
  if (ids !== undefined) return ({ id }) => (JSON.parse(ids) as string[]).includes(id);
  if (after !== undefined) return ({ id }) => id > after;
  if (facets === undefined) throw new Error(`cannot parse expression: ${expression}`);
  return (row) => (JSON.parse(facets) as string[]).some((facet) => row.facets.includes(facet));
}

/** Answers of a Milvus to the requests that the store makes, in the forms of the server's own handlers (milvus-io/milvus,
 * internal/distributed/proxy/httpserver): what it shows is that the official client is used rightly, not how an engine
 * behaves. */
class Collections {
  readonly #collections = new Map<string, Collection>();

  answer(path: string, body: Body): Record<string, unknown> {
    const collection = this.#collections.get(body.collectionName);
    if (path === 'collections/has') return { data: { has: collection !== undefined } };
    if (path === 'collections/create') return this.#create(body);
    if (collection === undefined) throw new Error(`can't find collection[collection=${body.collectionName}]`);
    switch (path) {
      case 'collections/load':
        return { data: {} };
      case 'collections/get_load_state': {
        const loadState = collection.loaded ? 'LoadStateLoaded' : 'LoadStateLoading';
        collection.loaded = true; // the second look finds it loaded
        return { data: { loadState } };
      }
      case 'entities/upsert':
        for (const row of body.data as Row[]) collection.rows.set(row.id, rounded(row, collection.dim));
        return { data: { upsertCount: body.data?.length } };
      case 'entities/delete':
        for (const row of fitting(collection, body)) collection.rows.delete(row.id);
        return { data: {} };
      case 'entities/query':
        return { data: query(collection, body) };
      case 'entities/search':
        return search(collection, body);
      default:
        throw new Error(`unexpected request: ${path}`);
    }
  }

  #create({ collectionName, schema }: Body): Record<string, unknown> {
    const vector = schema?.fields.find(({ fieldName }) => fieldName === 'vector');
    const dim = vector?.elementTypeParams.dim ?? 0;
    if (dim < 2) throw new Error('invalid dimension');
    this.#collections.set(collectionName, { dim, rows: new Map(), loaded: false });
    return { data: {} };
  }
}

function rounded(row: Row, dim: number): Row {
  if (row.vector.length !== dim) throw new Error('the length of a vector is not the dimension');
  return { ...row, vector: row.vector.map(Math.fround) };
}

/** Rows in the order of their key. */
function fitting({ rows, loaded }: Collection, { filter = '' }: Body): Row[] {
  if (!loaded) throw new Error('collection not loaded');
  return [...rows.values()].filter(keeps(filter)).sort((a, b) => (a.id < b.id ? -1 : 1));
}

function query(collection: Collection, body: Body): object[] {
  const rows = fitting(collection, body);
  if (body.outputFields?.includes('count(*)')) return [{ 'count(*)': rows.length }];
  return rows.slice(0, body.limit ?? 100).map((row) => part(row, body));
}

function search(collection: Collection, body: Body): Record<string, unknown> {
  const { limit = 100, offset = 0, data = [] } = body;
  if (limit + offset > 16_384) throw new Error('topk or offset is too large');
  const [vector = []] = data as number[][];
  const ranked = fitting(collection, body).map((row) => ({ row, distance: cosine(row.vector, vector) }));
  const hits = ranked.sort((a, b) => b.distance - a.distance).slice(offset, offset + limit);
  if (hits.length === 0) return { data: [] }; // without `topks`, as the server
  return { data: hits.map(({ row, distance }) => ({ ...part(row, body), distance })), topks: [hits.length] };
}

const part = (row: Row, { outputFields = [] }: Body): object =>
  Object.fromEntries(Object.entries(row).filter(([name]) => outputFields.includes(name as keyof Row)));

/** Starts the double on a free port. */
export async function startMilvusDouble(): Promise<{ readonly url: string; readonly server: Server }> {
  const collections = new Collections();
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const path = (request.url ?? '').replace('/v2/vectordb/', '');
      response.setHeader('content-type', 'application/json');
      try {
        response.end(JSON.stringify({ code: 0, ...collections.answer(path, JSON.parse(text) as Body) }));
      } catch (error) {
        response.end(JSON.stringify({ code: 1100, message: (error as Error).message }));
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, server };
}
