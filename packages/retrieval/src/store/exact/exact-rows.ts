import { dotRow, floatScan } from './float-scan.ts';
import { TopK } from './top-k.ts';
import { passesFilter } from '../check-items.ts';
import type { Change } from './journal.ts';
import type { VectorFile } from './vector-file.ts';
import type { Hit, MetadataFilter, StoreItem } from '../vector-store.ts';

/** Rows of a vector file together with the changes made since it was written. */
export class ExactRows {
  readonly file: VectorFile;
  readonly #changed = new Map<string, StoreItem>();
  readonly #dead = new Set<number>();
  #rowOfId: Map<string, number> | undefined;

  constructor(file: VectorFile) {
    this.file = file;
  }

  /** Number of items. */
  get size(): number {
    return this.file.count - this.#dead.size + this.#changed.size;
  }

  /** Rows that a fold into a new file would touch: items outside the file, and rows in it that no longer count. */
  get pending(): number {
    return this.#changed.size + this.#dead.size;
  }

  /** Rows of the file that no longer count. */
  get deadRows(): number {
    return this.#dead.size;
  }

  /** Makes a change; says how many items were there before. */
  apply(change: Change): number {
    const ids = change.kind === 'put' ? change.items.map(({ id }) => id) : change.ids;
    const before = ids.filter((id) => this.#remove(id)).length;
    if (change.kind === 'put') for (const item of change.items) this.#changed.set(item.id, item);
    return before;
  }

  /** The item of `id`. */
  get(id: string): StoreItem | undefined {
    const row = this.#rows().get(id);
    return this.#changed.get(id) ?? (row === undefined || this.#dead.has(row) ? undefined : this.item(row));
  }

  /** The item in a row of the file. */
  item(row: number): StoreItem {
    const { dim, floats } = this.file;
    return { ...this.file.entry(row), vector: floats.subarray(row * dim, (row + 1) * dim) };
  }

  /** All items. */
  *items(): Generator<StoreItem> {
    for (let row = 0; row < this.file.count; row += 1) if (!this.#dead.has(row)) yield this.item(row);
    yield* this.#changed.values();
  }

  /** Ranks the items for one query.
   * @param candidates - rows of the file to look at; all by default. */
  rank(query: Float32Array, k: number, filter?: MetadataFilter, candidates?: Int32Array): Hit[] {
    const { floats, dim, count } = this.file;
    const best = new TopK(k);
    const keep = this.#keep(filter);
    if (candidates === undefined) floatScan(query, floats, best, keep);
    else for (const row of candidates) if (keep?.(row) !== false) best.offer(row, dotRow(query, floats, row * dim));
    const changed = [...this.#changed.values()].filter(({ metadata }) => !filter || passesFilter(metadata, filter));
    changed.forEach(({ vector }, i) => {
      best.offer(count + i, dotRow(query, vector, 0));
    });
    return best.ranked().map(({ row, score }) => {
      const { id, metadata } = row < count ? this.file.entry(row) : (changed[row - count] as StoreItem);
      return { id, score, metadata };
    });
  }

  #keep(filter: MetadataFilter | undefined): ((row: number) => boolean) | undefined {
    if (filter !== undefined)
      return (row) => !this.#dead.has(row) && passesFilter(this.file.entry(row).metadata, filter);
    return this.#dead.size > 0 ? (row) => !this.#dead.has(row) : undefined;
  }

  #remove(id: string): boolean {
    if (this.#changed.delete(id)) return true;
    const row = this.#rows().get(id);
    if (row === undefined || this.#dead.has(row)) return false;
    this.#dead.add(row);
    return true;
  }

  #rows(): Map<string, number> {
    this.#rowOfId ??= new Map(Array.from({ length: this.file.count }, (_, row) => [this.file.entry(row).id, row]));
    return this.#rowOfId;
  }
}
