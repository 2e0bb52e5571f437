import { hashDistance, type ImageHash } from './image-hash.ts';

/** An image that looks like another. */
export interface HashMatch {
  readonly id: string;
  /** Bits by which the hashes differ. */
  readonly distance: number;
}

const BAND_BITS = 16;
const BANDS = 4;

/** Finds images with like hashes without comparing all: hashes that differ by at most 7 bits agree up to one bit in one of
 * four bands of 16 bits, so that 68 buckets hold all candidates. */
export class HashIndex {
  readonly #hashes: ImageHash[] = [];
  readonly #ids: string[] = [];
  readonly #buckets = new Map<number, number[]>();

  /** Puts an image in. */
  add(id: string, hash: ImageHash): void {
    const number = this.#ids.push(id) - 1;
    this.#hashes.push(hash);
    for (let band = 0; band < BANDS; band++) {
      const key = bucketKey(hash, band);
      const bucket = this.#buckets.get(key);
      if (bucket) bucket.push(number);
      else this.#buckets.set(key, [number]);
    }
  }

  /** The nearest image of those that differ by at most `maxDistance` bits (0 … 7); the earliest of equals. */
  nearest(hash: ImageHash, maxDistance: number): HashMatch | undefined {
    let best: { number: number; distance: number } | undefined;
    for (const number of this.#candidates(hash)) {
      const distance = hashDistance(hash, this.#hashes[number] as ImageHash);
      if (distance > maxDistance) continue;
      if (!best || distance < best.distance || (distance === best.distance && number < best.number)) {
        best = { number, distance };
      }
    }
    return best && { id: this.#ids[best.number] as string, distance: best.distance };
  }

  *#candidates(hash: ImageHash): Generator<number> {
    for (let band = 0; band < BANDS; band++) {
      const key = bucketKey(hash, band);
      yield* this.#buckets.get(key) ?? [];
      for (let bit = 0; bit < BAND_BITS; bit++) yield* this.#buckets.get(key ^ (1 << bit)) ?? [];
    }
  }
}

/** Band number above, 16 bits of the frequencies below. */
function bucketKey({ frequencies }: ImageHash, band: number): number {
  const word = frequencies[band >> 1 ? 1 : 0];
  return (band << BAND_BITS) | ((word >>> ((band & 1) * BAND_BITS)) & 0xffff);
}
