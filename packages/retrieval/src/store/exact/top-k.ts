/** The best `k` of a stream of scored rows; of equal scores the row that came first wins. */
export class TopK {
  readonly #k: number;
  readonly #scores: Float64Array;
  readonly #rows: Int32Array;
  #size = 0;

  constructor(k: number) {
    this.#k = k;
    this.#scores = new Float64Array(k);
    this.#rows = new Int32Array(k);
  }

  /** Scores not above this cannot enter any more. */
  get threshold(): number {
    return this.#size < this.#k ? -Infinity : (this.#scores[this.#size - 1] ?? -Infinity);
  }

  /** Offers one row. */
  offer(row: number, score: number): void {
    if (!(score > this.threshold)) return;
    let place = Math.min(this.#size, this.#k - 1);
    while (place > 0 && (this.#scores[place - 1] ?? 0) < score) {
      this.#scores[place] = this.#scores[place - 1] ?? 0;
      this.#rows[place] = this.#rows[place - 1] ?? 0;
      place -= 1;
    }
    this.#scores[place] = score;
    this.#rows[place] = row;
    if (this.#size < this.#k) this.#size += 1;
  }

  /** What is kept, best first. */
  ranked(): { readonly row: number; readonly score: number }[] {
    return Array.from(this.#scores.subarray(0, this.#size), (score, i) => ({ row: this.#rows[i] ?? 0, score }));
  }
}
