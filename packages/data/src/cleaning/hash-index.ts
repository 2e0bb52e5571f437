import { hashDistance, type ImageHash } from './image-hash.ts';

/** An image that looks like another. */
export interface HashMatch {
  readonly id: string;
  /** Bits by which the hashes differ. */
  readonly distance: number;
}

const BAND_BITS = 16;
const BANDS = 4;

/** Words of a hash: frequencies, gradients, colour. */
const WORDS = 5;

/** Finds images with like hashes without comparing all: hashes that differ by at most 7 bits agree up to one bit in one of
 * four bands of 16 bits, so that 68 buckets hold all candidates. An image takes 36 to 72 bytes beside its id. */
export class HashIndex {
  readonly #ids: string[] = [];
  /** Hashes one behind the other, with room for more: [images, WORDS]. */
  #words = new Int32Array(WORDS * 1024);
  /** Newest image of each bucket, −1 in an empty one. */
  readonly #newest = new Int32Array(BANDS << BAND_BITS).fill(-1);
  /** The image before it in the bucket: [images, BANDS]. */
  #before = new Int32Array(BANDS * 1024);

  /** Puts an image in. */
  add(id: string, hash: ImageHash): void {
    const number = this.#ids.push(id) - 1;
    if (number * WORDS === this.#words.length) {
      this.#words = doubled(this.#words);
      this.#before = doubled(this.#before);
    }
    this.#words.set([...hash.frequencies, ...hash.gradients, hash.colour], number * WORDS);
    for (let band = 0; band < BANDS; band++) {
      const key = bucketKey(hash, band);
      this.#before[number * BANDS + band] = this.#newest[key] as number;
      this.#newest[key] = number;
    }
  }

  /** The nearest image of those that differ by at most `maxDistance` bits (0 … 7); the earliest of equals. */
  nearest(hash: ImageHash, maxDistance: number): HashMatch | undefined {
    let best: { number: number; distance: number } | undefined;
    for (const number of this.#candidates(hash)) {
      const distance = hashDistance(hash, this.#hashOf(number));
      if (distance > maxDistance) continue;
      if (!best || distance < best.distance || (distance === best.distance && number < best.number)) {
        best = { number, distance };
      }
    }
    return best && { id: this.#ids[best.number] as string, distance: best.distance };
  }

  #hashOf(number: number): ImageHash {
    const word = (i: number): number => this.#words[number * WORDS + i] as number;
    return { frequencies: [word(0), word(1)], gradients: [word(2), word(3)], colour: word(4) };
  }

  *#candidates(hash: ImageHash): Generator<number> {
    for (let band = 0; band < BANDS; band++) {
      const key = bucketKey(hash, band);
      yield* this.#bucket(key, band);
      for (let bit = 0; bit < BAND_BITS; bit++) yield* this.#bucket(key ^ (1 << bit), band);
    }
  }

  *#bucket(key: number, band: number): Generator<number> {
    for (let number = this.#newest[key] as number; number >= 0;) {
      yield number;
      number = this.#before[number * BANDS + band] as number;
    }
  }
}

function doubled(values: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * values.length);
  larger.set(values);
  return larger;
}

/** Band number above, 16 bits of the frequencies below. */
function bucketKey({ frequencies }: ImageHash, band: number): number {
  const word = frequencies[band >> 1 ? 1 : 0];
  return (band << BAND_BITS) | ((word >>> ((band & 1) * BAND_BITS)) & 0xffff);
}
