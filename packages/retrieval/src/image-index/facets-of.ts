import type { Metadata, StoreItem } from '../store/vector-store.ts';

/** What an index keeps for its own use, or differs with every image. */
const own = new Set(['file', 'bytes', 'modified', 'caption', 'part', 'start', 'hash']);

/** Most values of a key that people choose from a list. */
const MOST = 30;

/** Keys by which searches can be narrowed, each with its values in order: those that take few values, and more than one. */
export function facetsOf(items: Iterable<StoreItem>): Record<string, Metadata[string][]> {
  const values = new Map<string, Set<Metadata[string]>>();
  for (const { metadata } of items) {
    for (const [key, value] of Object.entries(metadata)) {
      if (own.has(key)) continue;
      const known = values.get(key) ?? new Set();
      if (known.size <= MOST) known.add(value);
      values.set(key, known);
    }
  }
  return Object.fromEntries(
    [...values]
      .filter(([, known]) => known.size > 1 && known.size <= MOST)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, known]) => [key, [...known].sort(inOrder)]),
  );
}

const inOrder = (a: Metadata[string], b: Metadata[string]): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
