/** What a store keeps beside a vector: flat, so that every engine can filter by it. */
export type Metadata = Readonly<Record<string, string | number | boolean>>;

/** A vector with its name and what is known of it. */
export interface StoreItem {
  /** Unique in the store; letters, digits, `_` and `-`, at most 64. */
  readonly id: string;
  /** [dim], a unit vector. */
  readonly vector: Float32Array;
  readonly metadata: Metadata;
}

/** One result of a search. */
export interface Hit {
  readonly id: string;
  /** Cosine of query and vector, in [−1, 1]. */
  readonly score: number;
  readonly metadata: Metadata;
}

/** Keeps items whose metadata has, under every key, the value or one of the values. */
export type MetadataFilter = Readonly<Record<string, Metadata[string] | readonly Metadata[string][]>>;

/** Which part of the ranking to give. */
export interface SearchOptions {
  /** Number of hits. */
  readonly k: number;
  /** Number of better hits to pass over; default 0. */
  readonly offset?: number;
  readonly filter?: MetadataFilter;
}

/** Vectors by id, searchable by cosine. What `put` and `delete` acknowledge (their promise) outlives a crash. */
export interface VectorStore {
  /** Numbers in a vector. */
  readonly dim: number;
  /** Number of items. */
  size(): Promise<number>;
  /** Adds items; an item of the same id is replaced.
   * @throws {StoreError} if a vector has another length or an id is unsafe; then nothing is added. */
  put(items: readonly StoreItem[]): Promise<void>;
  /** Removes items and says how many there were. */
  delete(ids: readonly string[]): Promise<number>;
  /** The item of each id, in order. */
  get(ids: readonly string[]): Promise<(StoreItem | undefined)[]>;
  /** Ranks the items for each query.
   * @param queries - [count, dim], unit rows.
   * @returns for each query its hits, best first. */
  search(queries: Float32Array, options: SearchOptions): Promise<Hit[][]>;
  /** All items, in no promised order. */
  items(): AsyncIterable<StoreItem> | Iterable<StoreItem>;
  /** Frees what the store holds. */
  close(): Promise<void>;
}
