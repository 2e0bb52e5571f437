/** What a scan brings. */
interface ScanRange {
  /** Components, by their place in the frame. */
  readonly components: readonly number[];
  /** First and last coefficient in zigzag order. */
  readonly first: number;
  readonly last: number;
  /** Bits that were known before << 4 | bits that are still missing afterwards. */
  readonly approximation: number;
  readonly progressive: boolean;
}

const UNKNOWN = 255;

/** Which bits of which coefficients the scans of a JPEG have brought: each must come once, in order, and all must come. */
export class JpegProgress {
  readonly #missing: Uint8Array;

  constructor(components: number) {
    this.#missing = new Uint8Array(components * 64).fill(UNKNOWN);
  }

  /** Takes note of a scan.
   * @returns whether it fits what came before. */
  accept({ components, first, last, approximation, progressive }: ScanRange): boolean {
    const [high, low] = [approximation >> 4, approximation & 15];
    if (first > last || last > 63 || low > 13 || (high !== 0 && low !== high - 1)) return false;
    if (!progressive && (first !== 0 || last !== 63 || approximation !== 0)) return false;
    if (progressive && first === 0 && last !== 0) return false;
    if (first > 0 && components.length > 1) return false;
    for (const component of components) {
      for (let k = component * 64 + first; k <= component * 64 + last; k++) {
        if (this.#missing[k] !== (high === 0 ? UNKNOWN : high)) return false;
        this.#missing[k] = low;
      }
    }
    return true;
  }

  /** Whether nothing is missing. */
  get complete(): boolean {
    return this.#missing.every((bits) => bits === 0);
  }
}
