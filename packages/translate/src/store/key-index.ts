const bytesAKey = 16;

/** A 128-bit key as 32 hexadecimal digits. */
export type HexKey = string;

/** An open-addressing table from 128-bit keys to numbers, 16 bytes a slot and at most 2/3 full: 500,000 keys take 16 MB,
 * where a `Map` of strings takes about 90. Only 64 bits of a key are kept: whoever looks up checks what it finds. */
export class KeyIndex {
  #hashes = new Uint32Array(0);
  #values = new Float64Array(0);
  #capacity = 0;
  #size = 0;

  constructor(capacity = 1 << 12) {
    this.#allocate(capacity);
  }

  /** Number of keys. */
  get size(): number {
    return this.#size;
  }

  /** Bytes of the tables. */
  get byteLength(): number {
    return this.#capacity * bytesAKey;
  }

  /** The number kept for `key`. */
  get(key: HexKey): number | undefined {
    const value = this.#values[this.#slotOf(high(key), low(key))] ?? -1;
    return value < 0 ? undefined : value;
  }

  /** Keeps `value` (0 … 2^53) for `key`, replacing what was kept. */
  set(key: HexKey, value: number): void {
    if (this.#size * 3 >= this.#capacity * 2) this.#grow();
    if (this.#put(high(key), low(key), value)) this.#size += 1;
  }

  #put(a: number, b: number, value: number): boolean {
    const slot = this.#slotOf(a, b);
    const isNew = (this.#values[slot] ?? -1) < 0;
    this.#hashes[2 * slot] = a;
    this.#hashes[2 * slot + 1] = b;
    this.#values[slot] = value;
    return isNew;
  }

  /** The slot that holds the key, or the free one where it belongs. */
  #slotOf(a: number, b: number): number {
    const mask = this.#capacity - 1;
    let slot = a & mask;
    while ((this.#values[slot] ?? -1) >= 0 && (this.#hashes[2 * slot] !== a || this.#hashes[2 * slot + 1] !== b)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const [hashes, values] = [this.#hashes, this.#values];
    this.#allocate(this.#capacity * 2);
    for (const [slot, value] of values.entries()) {
      if (value >= 0) this.#put(hashes[2 * slot] ?? 0, hashes[2 * slot + 1] ?? 0, value);
    }
  }

  #allocate(capacity: number): void {
    this.#capacity = capacity;
    this.#hashes = new Uint32Array(2 * capacity);
    this.#values = new Float64Array(capacity).fill(-1);
  }
}

const high = (key: HexKey): number => Number.parseInt(key.slice(0, 8), 16);
const low = (key: HexKey): number => Number.parseInt(key.slice(8, 16), 16);
