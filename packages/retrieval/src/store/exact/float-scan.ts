import type { TopK } from './top-k.ts';

/** Dot product of `query` with the row of `rows` that starts at `start`; four sums run side by side, because one
 * would wait for itself at every addition. */
export function dotRow(query: Float32Array, rows: Float32Array, start: number): number {
  const dim = query.length;
  const whole = dim - (dim % 4);
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    a += (query[i] as number) * (rows[start + i] as number);
    b += (query[i + 1] as number) * (rows[start + i + 1] as number);
    c += (query[i + 2] as number) * (rows[start + i + 2] as number);
    d += (query[i + 3] as number) * (rows[start + i + 3] as number);
  }
  for (let i = whole; i < dim; i += 1) a += (query[i] as number) * (rows[start + i] as number);
  return a + b + (c + d);
}

/** Offers every row of `rows` that `keep` lets pass to `best`, scored by its dot product with `query`.
 * @param rows - [count, query.length]. */
export function floatScan(query: Float32Array, rows: Float32Array, best: TopK, keep?: (row: number) => boolean): void {
  const dim = query.length;
  const count = rows.length / dim;
  for (let row = 0; row < count; row += 1) {
    if (keep === undefined || keep(row)) best.offer(row, dotRow(query, rows, row * dim));
  }
}
