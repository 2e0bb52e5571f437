import { relevance, type RelevanceCurve } from '../calibration/relevance.ts';
import { groupDuplicates, type HitGroup } from './group-duplicates.ts';
import { StoreError } from '../store/store-error.ts';
import type { MetadataFilter, SearchOptions, VectorStore } from '../store/vector-store.ts';

/** How a ranking is made. */
export interface RankOptions extends SearchOptions {
  readonly filter?: MetadataFilter;
  /** Cosine from which hits count as the same picture and are shown as one; absent: every hit for itself. */
  readonly duplicatesFrom?: number;
  /** The model's, to judge the best hit of a text query by; other queries score on other scales. */
  readonly curve?: RelevanceCurve;
}

/** Hits with a judgement of the best. */
export interface Ranking {
  readonly hits: readonly HitGroup[];
  /** How sure it is that the best hit fits, 0 … 1; undefined where there is no curve to say it by, or no hit. */
  readonly relevance: number | undefined;
}

/** Largest `k` + `offset` that a ranking goes to. */
export const DEEPEST = 10_000;

/** Ranks the images of a store for one query.
 * @param query - [dim], a unit vector. */
export async function rankImages(store: VectorStore, query: Float32Array, options: RankOptions): Promise<Ranking> {
  const { k, offset = 0, filter, duplicatesFrom, curve } = options;
  if (k + offset > DEEPEST) {
    throw new StoreError(`k + offset: expected at most ${String(DEEPEST)}, got ${String(k + offset)}`);
  }
  const spare = duplicatesFrom === undefined ? 1 : 3; // room for the duplicates that grouping takes away
  const depth = Math.min(DEEPEST, (k + offset) * spare);
  const [hits = []] = await store.search(query, { k: depth, ...(filter && { filter }) });
  const [best] = hits;
  const groups =
    duplicatesFrom === undefined
      ? hits.map((hit) => ({ ...hit, duplicates: [] }))
      : groupDuplicates(hits, await vectorsOf(store, hits), duplicatesFrom);
  return {
    hits: groups.slice(offset, offset + k),
    relevance: best && curve && relevance(best.score, await store.size(), curve),
  };
}

async function vectorsOf(
  store: VectorStore,
  hits: readonly { readonly id: string }[],
): Promise<(hit: { readonly id: string }) => Float32Array | undefined> {
  const items = await store.get(hits.map(({ id }) => id));
  const vectors = new Map(items.flatMap((item) => (item ? [[item.id, item.vector] as const] : [])));
  return ({ id }) => vectors.get(id);
}
