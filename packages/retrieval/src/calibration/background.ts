import { dotRow } from '../store/exact/float-scan.ts';
import { normalTail } from './normal-tail.ts';
import type { StoreItem } from '../store/vector-store.ts';

/** How a query scores images that have nothing to do with it. */
export interface BackgroundScores {
  readonly mean: number;
  /** Standard deviation. */
  readonly deviation: number;
}

/** Fewest background images that say something about the spread of scores. */
const FEWEST = 30;

/** Takes up to `count` vectors, evenly spread over `items`, as the background of an index.
 * @returns [rows, dim]. */
export function sampleBackground(items: Iterable<StoreItem>, dim: number, count = 1000): Float32Array {
  const all = Array.from(items, ({ vector }) => vector);
  const rows = Math.min(count, all.length);
  const sample = new Float32Array(rows * dim);
  for (let row = 0; row < rows; row += 1) {
    sample.set(all[Math.floor((row * all.length) / rows)] ?? new Float32Array(dim), row * dim);
  }
  return sample;
}

/** Scores of `query` against the background: median and spread (from the median absolute deviation), so that the few
 * images that do fit the query do not count as background.
 * @returns undefined where the background is too small to say. */
export function backgroundScores(query: Float32Array, background: Float32Array): BackgroundScores | undefined {
  const rows = background.length / query.length;
  if (rows < FEWEST) return undefined;
  const scores = Float64Array.from({ length: rows }, (_, row) => dotRow(query, background, row * query.length));
  const mean = median(scores);
  const deviation = 1.4826 * median(scores.map((score) => Math.abs(score - mean))); // MAD of a normal is σ / 1.4826
  return deviation > 0 ? { mean, deviation } : undefined;
}

/** How sure it is that the best of `count` images fits the query: the chance that `count` images that do not fit would
 * all have scored lower, if their scores spread as the background's do. Near 1: a find; near 0.5 and below: what chance
 * brings up.
 * @param score - of the best image. */
export function relevance(score: number, count: number, { mean, deviation }: BackgroundScores): number {
  const oneHigher = normalTail((score - mean) / deviation);
  return Math.exp(count * Math.log1p(-oneHigher)); // (1 − p)ⁿ
}

function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
