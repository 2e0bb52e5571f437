import { checkItems, countQueries } from '../check-items.ts';
import { otherModel } from '../other-model.ts';
import { StoreError } from '../store-error.ts';
import type { Hit, Metadata, MetadataFilter, SearchOptions, StoreItem, VectorStore } from '../vector-store.ts';

/** What this store asks of a PostgreSQL client: `Pool` and `Client` of `pg` have it, and so has PGlite. */
export interface PgClient {
  /** Runs one statement; `$1`, `$2` … stand for `parameters`. */
  query(sql: string, parameters?: unknown[]): Promise<{ readonly rows: unknown[] }>;
}

/** Which table holds the vectors. */
export interface PgVectorOptions {
  /** Lower-case letters, digits and `_`; made where there is none. */
  readonly table: string;
  readonly dim: number;
  /** Name of the model that makes vectors and queries; a table made by another is refused. */
  readonly fingerprint: string;
}

interface Row {
  readonly id: string;
  readonly metadata: Metadata;
}

/** Vectors in PostgreSQL with the `vector` extension (pgvector), for galleries past one machine. Exact unless the
 * database has an index on the column `vector`. The client is the caller's: this store opens and closes none. */
export class PgVectorStore implements VectorStore {
  readonly dim: number;
  readonly #client: PgClient;
  readonly #table: string;

  private constructor(client: PgClient, { table, dim }: PgVectorOptions) {
    this.#client = client;
    this.#table = table;
    this.dim = dim;
  }

  /** Opens the table, making it where there is none.
   * @throws {StoreError} if it was made by another model. */
  static async open(client: PgClient, options: PgVectorOptions): Promise<PgVectorStore> {
    const { table, dim, fingerprint } = options;
    if (!/^[a-z_][a-z0-9_]{0,62}$/u.test(table)) {
      throw new StoreError(`table: expected lower-case letters, digits and _, got ${JSON.stringify(table)}`);
    }
    await client.query('CREATE EXTENSION IF NOT EXISTS vector');
    await client.query('CREATE TABLE IF NOT EXISTS azclip_stores (name text PRIMARY KEY, fingerprint text NOT NULL)');
    const own = `INSERT INTO azclip_stores VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET name = EXCLUDED.name RETURNING fingerprint`;
    const [made] = (await client.query(own, [table, fingerprint])).rows as { fingerprint: string }[];
    if (made?.fingerprint !== fingerprint) {
      throw otherModel(table, 'a table made', { made: made?.fingerprint ?? '', asked: fingerprint });
    }
    const columns = `id text PRIMARY KEY, vector vector(${String(dim)}) NOT NULL, metadata jsonb NOT NULL`;
    await client.query(`CREATE TABLE IF NOT EXISTS ${table} (${columns})`);
    return new PgVectorStore(client, options);
  }

  async size(): Promise<number> {
    const [row] = await this.#query<{ count: number }>(`SELECT count(*)::int AS count FROM ${this.#table}`);
    return row?.count ?? 0;
  }

  async put(items: readonly StoreItem[]): Promise<void> {
    checkItems(items, this.dim);
    const last = [...new Map(items.map((item) => [item.id, item])).values()]; // one statement may name an id once
    const rows = last.map(({ id, vector, metadata }) => ({ id, vector: vectorText(vector), metadata }));
    await this.#query(
      `INSERT INTO ${this.#table} (id, vector, metadata)
       SELECT row->>'id', (row->>'vector')::vector, row->'metadata' FROM jsonb_array_elements($1::jsonb) AS row
       ON CONFLICT (id) DO UPDATE SET vector = EXCLUDED.vector, metadata = EXCLUDED.metadata`,
      [JSON.stringify(rows)],
    );
  }

  async delete(ids: readonly string[]): Promise<number> {
    const rows = await this.#query(`DELETE FROM ${this.#table} WHERE id = ANY($1::text[]) RETURNING id`, [[...ids]]);
    return rows.length;
  }

  async get(ids: readonly string[]): Promise<(StoreItem | undefined)[]> {
    const sql = `SELECT id, metadata, vector::text AS vector FROM ${this.#table} WHERE id = ANY($1::text[])`;
    const rows = await this.#query<Row & { vector: string }>(sql, [[...ids]]);
    const found = new Map(rows.map((row) => [row.id, toItem(row)]));
    return ids.map((id) => found.get(id));
  }

  async search(queries: Float32Array, { k, offset = 0, filter = {} }: SearchOptions): Promise<Hit[][]> {
    const count = countQueries(queries, this.dim);
    const sql = `SELECT id, metadata, 1 - (vector <=> $1::vector) AS score FROM ${this.#table}
      WHERE ${conditions(filter)} ORDER BY vector <=> $1::vector, id LIMIT $2 OFFSET $3`;
    const hits = [];
    for (let i = 0; i < count; i += 1) {
      const query = vectorText(queries.subarray(i * this.dim, (i + 1) * this.dim));
      hits.push(await this.#query<Row & { score: number }>(sql, [query, k, offset, ...filterParameters(filter)]));
    }
    return hits;
  }

  async *items(): AsyncGenerator<StoreItem> {
    const sql = `SELECT id, metadata, vector::text AS vector FROM ${this.#table} WHERE id > $1 ORDER BY id LIMIT 1000`;
    for (let after: string | undefined = ''; after !== undefined;) {
      const rows: (Row & { vector: string })[] = await this.#query(sql, [after]);
      yield* rows.map(toItem);
      after = rows.at(-1)?.id;
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #query<T>(sql: string, parameters?: unknown[]): Promise<T[]> {
    return (await this.#client.query(sql, parameters)).rows as T[];
  }
}

/** One condition a key; values are compared as JSON, so that 1 is not "1". */
function conditions(filter: MetadataFilter): string {
  const each = Object.keys(filter).map((_, i) => {
    const [key, values] = [`$${String(4 + 2 * i)}`, `$${String(5 + 2 * i)}`];
    return `metadata->(${key}::text) IN (SELECT jsonb_array_elements(${values}::jsonb))`;
  });
  return each.length === 0 ? 'true' : each.join(' AND ');
}

const filterParameters = (filter: MetadataFilter): string[] =>
  Object.entries(filter).flatMap(([key, value]) => [key, JSON.stringify(Array.isArray(value) ? value : [value])]);

const vectorText = (vector: Float32Array): string => `[${vector.join(',')}]`;

const toItem = ({ id, metadata, vector }: Row & { readonly vector: string }): StoreItem => ({
  ...{ id, metadata },
  vector: Float32Array.from(JSON.parse(vector) as number[]),
});
