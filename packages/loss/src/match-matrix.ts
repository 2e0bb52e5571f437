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
      const same = row.imageId === rows[j]?.imageId || areAlike(sets[i], sets[j], similarity);
      if (same) matches[i * rows.length + j] = matches[j * rows.length + i] = 1;
    }
  }
  return matches;
}

/** Whether the Jaccard index, shared pieces over all pieces, reaches `similarity`; never for two without pieces. Most pairs
 * differ soon: it stops at the piece from which too few can be shared. */
function areAlike(a: ReadonlySet<number> = new Set(), b: ReadonlySet<number> = new Set(), similarity: number): boolean {
  const [few, many] = a.size < b.size ? [a, b] : [b, a];
  const needed = (similarity * (few.size + many.size)) / (1 + similarity); // of shared ÷ (few + many − shared) ≥ similarity
  let possible = few.size;
  if (possible === 0) return false;
  for (const piece of few) {
    if (possible < needed - 1e-9) return false;
    if (!many.has(piece)) possible -= 1;
  }
  return possible >= needed - 1e-9;
}
