/** One row of a batch, as far as it decides what belongs together. */
export interface MatchRow {
  readonly imageId: string;
  /** Piece ids of the caption without padding; their order and repetition do not count. */
  readonly pieces: ArrayLike<number>;
}

/** Finds which images and texts of a batch belong together: a row with itself, rows of one image, and rows whose captions
 * share nearly all pieces.
 * @param similarity - Jaccard index from which two captions say the same; 1 asks for the same pieces.
 * @returns [batch, batch] row-major, 1 where they belong together, else 0; symmetric. */
export function matchMatrix(rows: readonly MatchRow[], similarity: number): Float32Array {
  const matches = new Float32Array(rows.length * rows.length);
  const sets = rows.map(({ pieces }) => new Set(Array.from(pieces)));
  for (const [i, row] of rows.entries()) {
    matches[i * rows.length + i] = 1;
    for (let j = 0; j < i; j++) {
      const same = row.imageId === rows[j]?.imageId || jaccard(sets[i], sets[j]) >= similarity;
      if (same) matches[i * rows.length + j] = matches[j * rows.length + i] = 1;
    }
  }
  return matches;
}

/** Shared pieces over all pieces; 0 where both have none. */
function jaccard(a: ReadonlySet<number> = new Set(), b: ReadonlySet<number> = new Set()): number {
  let shared = 0;
  for (const piece of a) if (b.has(piece)) shared += 1;
  return shared === 0 ? 0 : shared / (a.size + b.size - shared);
}
