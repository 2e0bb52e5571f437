import { dotRow } from '../store/exact/float-scan.ts';
import type { Hit } from '../store/vector-store.ts';

/** A hit with those after it that show the same. */
export interface HitGroup extends Hit {
  readonly duplicates: readonly Hit[];
}

interface Compared {
  readonly vector: Float32Array;
  /** The first quarter of the vector. */
  readonly head: Float32Array;
  /** Length of the rest. */
  readonly tail: number;
}

/** What rounding may add to a cosine. */
const ROUNDING = 1e-5;

/** Gathers hits whose vectors nearly agree under the best of them.
 * @param vectorOf - the unit vector of a hit; one without stands alone.
 * @param threshold - cosine from which two images count as the same. */
export function groupDuplicates(
  hits: readonly Hit[],
  vectorOf: (hit: Hit) => Float32Array | undefined,
  threshold: number,
): HitGroup[] {
  const groups: { readonly hit: Hit; readonly compared: Compared | undefined; readonly duplicates: Hit[] }[] = [];
  for (const hit of hits) {
    const vector = vectorOf(hit);
    const compared = vector && split(vector);
    const same = compared && groups.find((group) => group.compared && isSame(compared, group.compared, threshold));
    if (same) same.duplicates.push(hit);
    else groups.push({ hit, compared, duplicates: [] });
  }
  return groups.map(({ hit, duplicates }) => ({ ...hit, duplicates }));
}

function split(vector: Float32Array): Compared {
  const head = vector.subarray(0, vector.length >> 2);
  return { vector, head, tail: Math.sqrt(Math.max(0, 1 - dotRow(head, head, 0))) };
}

/** Of two vectors the rests add at most the product of their lengths (Cauchy and Schwarz): mostly the heads decide. */
function isSame(a: Compared, b: Compared, threshold: number): boolean {
  if (dotRow(a.head, b.head, 0) + a.tail * b.tail < threshold - ROUNDING) return false;
  return dotRow(a.vector, b.vector, 0) >= threshold;
}
