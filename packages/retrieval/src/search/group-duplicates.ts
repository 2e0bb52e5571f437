import { dotRow } from '../store/exact/float-scan.ts';
import type { Hit } from '../store/vector-store.ts';

/** A hit with those after it that show the same. */
export interface HitGroup extends Hit {
  readonly duplicates: readonly Hit[];
}

/** Gathers hits whose vectors nearly agree under the best of them.
 * @param vectorOf - the vector of a hit; one without stands alone.
 * @param threshold - cosine from which two images count as the same. */
export function groupDuplicates(
  hits: readonly Hit[],
  vectorOf: (hit: Hit) => Float32Array | undefined,
  threshold: number,
): HitGroup[] {
  const groups: { readonly hit: Hit; readonly vector: Float32Array | undefined; readonly duplicates: Hit[] }[] = [];
  for (const hit of hits) {
    const vector = vectorOf(hit);
    const same = vector && groups.find((group) => group.vector && dotRow(vector, group.vector, 0) >= threshold);
    if (same) same.duplicates.push(hit);
    else groups.push({ hit, vector, duplicates: [] });
  }
  return groups.map(({ hit, duplicates }) => ({ ...hit, duplicates }));
}
