import { checkItems, countQueries } from '../check-items.ts';
import { otherModel } from '../other-model.ts';
import { StoreError } from '../store-error.ts';
import type { Hit, Metadata, MetadataFilter, SearchOptions, StoreItem, VectorStore } from '../vector-store.ts';

/** What this store asks of a LanceDB connection: `connect(folder or bucket)` of `@lancedb/lancedb` gives one. */
export interface LanceConnection {
  /** Names of all tables. */
  tableNames(): Promise<string[]>;
  /** Opens a table that exists. */
  openTable(name: string): Promise<LanceTable>;
  /** Makes a table of rows, whose columns are those of the first. */
  createTable(name: string, rows: Record<string, unknown>[]): Promise<LanceTable>;
}

/** A table of it. */
export interface LanceTable {
  /** Number of rows, or of those that fit a condition. */
  countRows(where?: string): Promise<number>;
  /** Deletes the rows that fit a condition. */
  delete(where: string): Promise<unknown>;
  /** Begins an insertion that goes by a key column. */
  mergeInsert(on: string): LanceMerge;
  /** Begins a query over all rows. */
  query(): LanceQuery;
  /** Begins a search for the nearest rows. */
  vectorSearch(vector: Float32Array): LanceVectorQuery;
}

/** A search by vector. */
export interface LanceVectorQuery extends LanceQuery {
  /** Sets the measure of nearness. */
  distanceType(type: 'cosine'): LanceQuery;
}

/** A query under way. */
export interface LanceQuery extends AsyncIterable<Iterable<unknown>> {
  /** Narrows to the rows that fit an SQL condition. */
  where(condition: string): LanceQuery;
  /** Takes at most so many rows. */
  limit(count: number): LanceQuery;
  /** Runs the query. */
  toArray(): Promise<unknown[]>;
}

/** An insertion under way. */
export interface LanceMerge {
  /** Rows of a known key replace the old ones. */
  whenMatchedUpdateAll(): LanceMerge;
  /** Rows of a new key are added. */
  whenNotMatchedInsertAll(): LanceMerge;
  /** Writes the rows. */
  execute(rows: Record<string, unknown>[]): Promise<unknown>;
}

/** Which table holds the vectors. */
export interface LanceOptions {
  /** Lower-case letters, digits and `_`; made with the first items. */
  readonly table: string;
  readonly dim: number;
  /** Name of the model that makes vectors and queries; a table made by another is refused. */
  readonly fingerprint: string;
}

interface Row {
  readonly id: string;
  readonly metadata: string;
  readonly vector: Iterable<number>;
  readonly _distance?: number;
}

/** Vectors in LanceDB: embedded, durable, on a disk or in an object store. Exact unless the table has a vector index.
 * The connection is the caller's: this store opens and closes none. */
export class LanceStore implements VectorStore {
  readonly dim: number;
  readonly #connection: LanceConnection;
  readonly #name: string;
  #table: LanceTable | undefined;

  private constructor(connection: LanceConnection, { table, dim }: LanceOptions, opened: LanceTable | undefined) {
    this.#connection = connection;
    this.#name = table;
    this.dim = dim;
    this.#table = opened;
  }

  /** Opens the table, where it stands.
   * @throws {StoreError} if it was made by another model. */
  static async open(connection: LanceConnection, options: LanceOptions): Promise<LanceStore> {
    const { table, dim, fingerprint } = options;
    if (!/^[a-z_][a-z0-9_]{0,62}$/u.test(table)) {
      throw new StoreError(`table: expected lower-case letters, digits and _, got ${JSON.stringify(table)}`);
    }
    const names = await connection.tableNames();
    const own = { name: table, fingerprint, dim };
    if (!names.includes('azclip_stores')) await connection.createTable('azclip_stores', [own]);
    const stores = await connection.openTable('azclip_stores');
    const [made] = (await stores.query().where(`name = '${table}'`).toArray()) as (typeof own)[];
    if (made === undefined) await insert(stores, 'name', [own]);
    else if (made.fingerprint !== fingerprint || made.dim !== dim) {
      throw otherModel(table, 'a table made', { made: made.fingerprint, asked: fingerprint });
    }
    return new LanceStore(connection, options, names.includes(table) ? await connection.openTable(table) : undefined);
  }

  async size(): Promise<number> {
    return (await this.#table?.countRows()) ?? 0;
  }

  async put(items: readonly StoreItem[]): Promise<void> {
    checkItems(items, this.dim);
    const rows = [...new Map(items.map((item) => [item.id, item])).values()].map(({ id, vector, metadata }) => ({
      ...{ id, vector: Array.from(vector), metadata: JSON.stringify(metadata) },
      facets: ['', ...Object.entries(metadata).map(([key, value]) => facet(key, value))], // '': a list must have a type
    }));
    if (rows.length === 0) return;
    if (this.#table === undefined) this.#table = await this.#connection.createTable(this.#name, rows);
    else await insert(this.#table, 'id', rows);
  }

  async delete(ids: readonly string[]): Promise<number> {
    if (this.#table === undefined || ids.length === 0) return 0;
    const count = await this.#table.countRows(among(ids));
    if (count > 0) await this.#table.delete(among(ids));
    return count;
  }

  async get(ids: readonly string[]): Promise<(StoreItem | undefined)[]> {
    if (this.#table === undefined || ids.length === 0) return ids.map(() => undefined);
    const rows = (await this.#table.query().where(among(ids)).toArray()) as Row[];
    const found = new Map(rows.map((row) => [row.id, toItem(row)]));
    return ids.map((id) => found.get(id));
  }

  async search(queries: Float32Array, { k, offset = 0, filter = {} }: SearchOptions): Promise<Hit[][]> {
    const count = countQueries(queries, this.dim);
    const rankings: Hit[][] = [];
    for (let i = 0; i < count; i += 1) {
      const query = queries.slice(i * this.dim, (i + 1) * this.dim);
      const search = this.#table?.vectorSearch(query).distanceType('cosine').where(condition(filter));
      const rows = ((await search?.limit(k + offset).toArray()) ?? []) as Row[];
      const hits = rows.map(({ id, metadata, _distance = NaN }) => ({
        ...{ id, score: 1 - _distance, metadata: JSON.parse(metadata) as Metadata },
      }));
      rankings.push(hits.slice(offset));
    }
    return rankings;
  }

  async *items(): AsyncGenerator<StoreItem> {
    for await (const batch of this.#table?.query() ?? []) for (const row of batch) yield toItem(row as Row);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const insert = (table: LanceTable, key: string, rows: Record<string, unknown>[]): Promise<unknown> =>
  table.mergeInsert(key).whenMatchedUpdateAll().whenNotMatchedInsertAll().execute(rows);

/** Text in SQL; ids are stored as they come, and queries may ask for any. */
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const among = (ids: readonly string[]): string => `id IN (${ids.map(quoted).join(', ')})`;

const facet = (key: string, value: Metadata[string]): string => JSON.stringify([key, value]);

/** One condition a key, on the list of keys with their values. */
function condition(filter: MetadataFilter): string {
  const each = Object.entries(filter).map(([key, wanted]) => {
    const values = (Array.isArray(wanted) ? wanted : [wanted]) as Metadata[string][];
    return `(${values.map((value) => `array_has(facets, ${quoted(facet(key, value))})`).join(' OR ') || 'false'})`;
  });
  return each.join(' AND ') || 'true';
}

const toItem = ({ id, metadata, vector }: Row): StoreItem => ({
  ...{ id, metadata: JSON.parse(metadata) as Metadata },
  vector: Float32Array.from(vector),
});
