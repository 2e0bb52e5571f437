/** Keeps the values used last; the others are disposed of. */
export class RecentCache<Cached> {
  readonly #entries = new Map<string, Cached>();
  readonly #capacity: number;
  readonly #dispose: (value: Cached) => void;

  /** @param capacity - number of values kept, at least 1.  @param dispose - frees a value that is not kept. */
  constructor(capacity: number, dispose: (value: Cached) => void) {
    this.#capacity = Math.max(1, capacity);
    this.#dispose = dispose;
  }

  /** The value of `key`, made where it is not kept. */
  get(key: string, make: () => Cached): Cached {
    const known = this.#entries.get(key);
    const value = known ?? make();
    if (known !== undefined) this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size > this.#capacity) this.#forgetOldest();
    return value;
  }

  /** Disposes of all values. */
  clear(): void {
    for (const value of this.#entries.values()) this.#dispose(value);
    this.#entries.clear();
  }

  #forgetOldest(): void {
    for (const [key, value] of this.#entries) {
      this.#dispose(value);
      this.#entries.delete(key);
      return;
    }
  }
}
