import type { AbstractMatrix } from 'ml-matrix';

import { EmptyGalleryError, LengthError } from './errors.ts';

/** Scores, of either precision. */
export type Scores = Float32Array | Float64Array;

/** Scores rows of queries against the whole gallery.
 * @param queries - [rows, dim], row-major.
 * @param gallery - [items, dim], row-major; the same array in every call, so that an engine may keep it.
 * @returns [rows, items], row-major. Equal rows should get equal scores, or ties are broken by rounding. */
export type ScoreChunk = (
  queries: Float32Array,
  gallery: Float32Array,
  dim: number,
) => Float32Array | Promise<Float32Array>;

/** A score matrix that is read in runs of rows, so that it never has to stand in memory whole. */
export interface ScoreRows {
  /** Number of rows. */
  readonly queries: number;
  /** Number of columns. */
  readonly gallery: number;
  /** Reads the rows `from` … `to` − 1: [to − from, gallery], row-major. */
  read(from: number, to: number): Scores | Promise<Scores>;
}

/** Reads a score matrix of ml-matrix.
 * @param scores - [queries, gallery].  @throws {EmptyGalleryError} */
export function scoresOfMatrix(scores: AbstractMatrix): ScoreRows {
  return scoresOfArray(Float64Array.from(scores.to1DArray()), scores.rows, scores.columns);
}

/** Reads a score matrix that is in memory.
 * @param scores - [queries, gallery], row-major.
 * @throws {LengthError | EmptyGalleryError} */
export function scoresOfArray(scores: Scores, queries: number, gallery: number): ScoreRows {
  if (gallery < 1) throw new EmptyGalleryError('scores: expected a gallery of at least one item, got none');
  if (scores.length !== queries * gallery) {
    const shape = `${String(queries)} queries × ${String(gallery)} items`;
    throw new LengthError(`scores: expected ${shape}, got ${String(scores.length)} numbers`);
  }
  return { queries, gallery, read: (from, to) => scores.subarray(from * gallery, to * gallery) };
}

/** Scores features as they are read: the dot product of a query row and a gallery row (the cosine where rows are unit).
 * @param queries - [queries, dim], row-major.  @param gallery - [items, dim], row-major.
 * @throws {LengthError | EmptyGalleryError} */
export function scoresOfFeatures(
  queries: Float32Array,
  gallery: Float32Array,
  dim: number,
  scoreChunk: ScoreChunk = dotScores,
): ScoreRows {
  const items = countRows(gallery, dim, 'gallery features');
  if (items < 1) throw new EmptyGalleryError('gallery features: expected at least one row, got none');
  const rows = countRows(queries, dim, 'query features');
  const read = async (from: number, to: number): Promise<Float32Array> => {
    const scores = await scoreChunk(queries.subarray(from * dim, to * dim), gallery, dim);
    if (scores.length === (to - from) * items) return scores;
    const expected = `${String(to - from)} × ${String(items)}`;
    throw new LengthError(`scoreChunk: expected ${expected} scores, got ${String(scores.length)}`);
  };
  return { queries: rows, gallery: items, read };
}

/** Number of rows of a row-major matrix.
 * @throws {LengthError} if the numbers do not fill whole rows. */
export function countRows(matrix: Float32Array, dim: number, what: string): number {
  if (!Number.isInteger(dim) || dim < 1) throw new LengthError(`dim: expected a positive integer, got ${String(dim)}`);
  if (matrix.length % dim === 0) return matrix.length / dim;
  throw new LengthError(`${what}: expected rows of ${String(dim)}, got ${String(matrix.length)} numbers`);
}

/** Dot products in plain TypeScript, the engine of last resort: tiles of 2 queries × 4 items, each score summed in double
 * precision in the order of its dimensions, so that equal rows get equal scores wherever they stand. */
export function dotScores(queries: Float32Array, gallery: Float32Array, dim: number): Float32Array {
  const rows = queries.length / dim;
  const items = gallery.length / dim;
  const scores = new Float32Array(rows * items);
  const sums = new Float64Array(8);
  const panel = 64; // rows of the gallery that stay in the cache while every query passes
  for (let start = 0; start < items; start += panel) {
    const end = start + panel < items ? start + panel : items;
    for (let row = 0; row < rows; row += 2) {
      const other = row + 1 < rows ? row + 1 : row; // a last odd row is its own partner
      for (let item = start; item < end; item += 4) {
        const last = end - item - 1; // the last tile of a panel repeats its last item
        const [i1, i2, i3] = [last < 1 ? 0 : 1, last < 2 ? last : 2, last < 3 ? last : 3];
        const starts = [item * dim, (item + i1) * dim, (item + i2) * dim, (item + i3) * dim] as const;
        tile(queries, row * dim, other * dim, gallery, starts, dim, sums);
        const out = row * items + item;
        const next = other * items + item;
        for (let i = 0; i < 4 && i <= last; i += 1) {
          scores[out + i] = sums[i] as number;
          scores[next + i] = sums[i + 4] as number;
        }
      }
    }
  }
  return scores;
}

function tile(
  queries: Float32Array,
  q0: number, // where rows start: two of queries, four of the gallery
  q1: number,
  gallery: Float32Array,
  starts: readonly [number, number, number, number],
  dim: number,
  sums: Float64Array,
): void {
  const [g0, g1, g2, g3] = starts;
  let [s00, s01, s02, s03, s10, s11, s12, s13] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let k = 0; k < dim; k += 1) {
    const x0 = queries[q0 + k] as number;
    const x1 = queries[q1 + k] as number;
    const y0 = gallery[g0 + k] as number;
    const y1 = gallery[g1 + k] as number;
    const y2 = gallery[g2 + k] as number;
    const y3 = gallery[g3 + k] as number;
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s03 += x0 * y3;
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s13 += x1 * y3;
  }
  sums[0] = s00;
  sums[1] = s01;
  sums[2] = s02;
  sums[3] = s03;
  sums[4] = s10;
  sums[5] = s11;
  sums[6] = s12;
  sums[7] = s13;
}

/** Turns [rows, columns] into [columns, rows]. */
export function transpose<S extends Scores>(matrix: S, rows: number, columns: number): S {
  const turned = matrix.slice() as S;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      turned[column * rows + row] = matrix[row * columns + column] as number;
    }
  }
  return turned;
}
