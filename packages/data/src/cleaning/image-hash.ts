import type { RawImage } from '../image/raw-image.ts';
import { resample } from '../image/resample.ts';

/** What an image looks like: alike images have alike hashes.
 * `frequencies` are the signs of the 64 lowest frequencies of its brightness about their median (two words of 32 bits),
 * `gradients` whether brightness rises from each place to the next (two words), `colour` is its mean, 0xRRGGBB. */
export interface ImageHash {
  readonly frequencies: readonly [number, number];
  readonly gradients: readonly [number, number];
  readonly colour: number;
}

const SIDE = 32;
const LOW = 8;

/** cos(π (2x + 1) u / 64) for the frequencies u = 1 … 8. */
const COSINES = Float64Array.from({ length: LOW * SIDE }, (_, i) =>
  Math.cos((Math.PI * (2 * (i % SIDE) + 1) * (Math.floor(i / SIDE) + 1)) / (2 * SIDE)),
);

/** Hashes an image by its look.
 * @see Zauner 2010, Implementation and benchmarking of perceptual image hash functions (the DCT hash) */
export function imageHash(image: RawImage): ImageHash {
  const small = resample(image, { width: SIDE, height: SIDE, interpolation: 'bilinear' });
  const brightness = luminance(small);
  const frequencies = lowFrequencies(brightness);
  const median = [...frequencies].sort((a, b) => a - b)[frequencies.length / 2] as number;
  const steps = resample(small, { width: LOW + 1, height: LOW, interpolation: 'bilinear' });
  return {
    frequencies: packBits((i) => (frequencies[i] as number) > median),
    gradients: packBits(gradientBits(luminance(steps))),
    colour: meanColour(small),
  };
}

/** Number of bits by which two hashes differ, the larger of frequencies and gradients; Infinity where the colours differ. */
export function hashDistance(a: ImageHash, b: ImageHash): number {
  for (const shift of [0, 8, 16]) {
    if (Math.abs(((a.colour >> shift) & 255) - ((b.colour >> shift) & 255)) > MAX_COLOUR_DIFFERENCE) return Infinity;
  }
  return Math.max(bitsBetween(a.frequencies, b.frequencies), bitsBetween(a.gradients, b.gradients));
}

/** Of 255, for each channel of the mean colour. */
const MAX_COLOUR_DIFFERENCE = 24;

/** 38 hexadecimal digits. */
export function formatHash({ frequencies, gradients, colour }: ImageHash): string {
  const words = [...frequencies, ...gradients].map((word) => word.toString(16).padStart(8, '0'));
  return words.join('') + colour.toString(16).padStart(6, '0');
}

/** Reads what `formatHash` wrote; undefined for anything else. */
export function parseHash(text: string): ImageHash | undefined {
  if (!/^[\da-f]{38}$/u.test(text)) return undefined;
  const word = (i: number): number => parseInt(text.slice(i * 8, i * 8 + 8), 16);
  return {
    frequencies: [word(0), word(1)],
    gradients: [word(2), word(3)],
    colour: parseInt(text.slice(32), 16),
  };
}

function luminance({ pixels }: RawImage): Float64Array {
  return Float64Array.from({ length: pixels.length / 3 }, (_, i) => {
    const [r, g, b] = [pixels[i * 3] as number, pixels[i * 3 + 1] as number, pixels[i * 3 + 2] as number];
    return 0.299 * r + 0.587 * g + 0.114 * b; // ITU-R BT.601
  });
}

/** The discrete cosine transform at u, v = 1 … 8. */
function lowFrequencies(brightness: Float64Array): Float64Array {
  const rows = new Float64Array(SIDE * LOW);
  for (let y = 0; y < SIDE; y++) {
    for (let u = 0; u < LOW; u++) {
      let sum = 0;
      for (let x = 0; x < SIDE; x++) sum += (brightness[y * SIDE + x] as number) * (COSINES[u * SIDE + x] as number);
      rows[y * LOW + u] = sum;
    }
  }
  return Float64Array.from({ length: LOW * LOW }, (_, i) => {
    const [v, u] = [Math.floor(i / LOW), i % LOW];
    let sum = 0;
    for (let y = 0; y < SIDE; y++) sum += (rows[y * LOW + u] as number) * (COSINES[v * SIDE + y] as number);
    return sum;
  });
}

/** Of 255; a lesser rise is noise of an even place. */
const MIN_RISE = 3;

function gradientBits(brightness: Float64Array): (i: number) => boolean {
  return (i) => {
    const at = Math.floor(i / LOW) * (LOW + 1) + (i % LOW);
    return (brightness[at + 1] as number) > (brightness[at] as number) + MIN_RISE;
  };
}

function packBits(bit: (i: number) => boolean): [number, number] {
  const words: [number, number] = [0, 0];
  for (let i = 0; i < LOW * LOW; i++) if (bit(i)) words[i >> 5 ? 1 : 0] |= 1 << (i & 31);
  return [words[0] >>> 0, words[1] >>> 0];
}

function meanColour({ pixels }: RawImage): number {
  const sums = [0, 0, 0];
  pixels.forEach((value, i) => (sums[i % 3] = (sums[i % 3] as number) + value));
  return sums.reduce((colour, sum) => colour * 256 + Math.round((sum * 3) / pixels.length), 0);
}

function bitsBetween(a: readonly [number, number], b: readonly [number, number]): number {
  return countBits(a[0] ^ b[0]) + countBits(a[1] ^ b[1]);
}

/** Number of ones of a word, by adding neighbours in parallel. */
function countBits(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
