/** A binary heap that gives its greatest entry first. */
export class MaxHeap<T> {
  readonly #entries: T[] = [];
  readonly #before: (a: T, b: T) => boolean;

  /** @param before - whether `a` is to come out before `b`. */
  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  /** Adds an entry, in O(log n). */
  push(entry: T): void {
    const entries = this.#entries;
    let place = entries.length;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = entries[above] as T;
      if (!this.#before(entry, parent)) break;
      entries[place] = parent;
      place = above;
    }
    entries[place] = entry;
  }

  /** Takes the greatest entry out, in O(log n); `undefined` when empty. */
  pop(): T | undefined {
    const [top] = this.#entries;
    const last = this.#entries.pop();
    if (this.#entries.length > 0) this.#sink(last as T);
    return top;
  }

  #sink(entry: T): void {
    const entries = this.#entries;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= entries.length) break;
      if (below + 1 < entries.length && this.#before(entries[below + 1] as T, entries[below] as T)) below += 1;
      if (this.#before(entry, entries[below] as T)) break;
      entries[place] = entries[below] as T;
      place = below;
    }
    entries[place] = entry;
  }
}
