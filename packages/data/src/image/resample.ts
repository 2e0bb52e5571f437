import type { RawImage, Rectangle } from './raw-image.ts';

/** Filters of the resampling: the triangle and the cubic of Keys (1981) with a = −1/2. */
export type Interpolation = 'bilinear' | 'bicubic';

/** What to make of an image. */
export interface ResampleOptions {
  /** Size that `region` is brought to, pixels. */
  readonly width: number;
  readonly height: number;
  readonly interpolation: Interpolation;
  /** Part of the source that counts; pixels outside it do not bleed in. Default: all of it. */
  readonly region?: Rectangle;
  /** Part of the result that is computed and returned. Default: all of it. */
  readonly window?: Rectangle;
}

const { imul } = Math;

/** Weights are whole numbers of 2^−22, as many bits as 8-bit samples leave in a 32-bit sum with a head room of two. */
const PRECISION_BITS = 22;
const HALF = 2 ** (PRECISION_BITS - 1);

const FILTERS = {
  bilinear: { support: 1, weight: (x: number) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, weight: cubic },
};

function cubic(distance: number): number {
  const a = -0.5;
  const x = Math.abs(distance);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

/** For each result position: first source position, number of weights that count, and those weights, `taps` apart. */
interface Weights {
  readonly first: Int32Array;
  readonly counts: Int32Array;
  readonly weights: Int32Array;
  readonly taps: number;
}

/** Weights of `count` result positions from `offset` on, where `inSize` positions become `outSize`. The filter is
 * widened by the ratio where the image shrinks (antialiasing), and its weights sum to one. */
function axisWeights(inSize: number, outSize: number, offset: number, count: number, kind: Interpolation): Weights {
  const { support, weight } = FILTERS[kind];
  const scale = inSize / outSize;
  const stretch = Math.max(scale, 1);
  const taps = Math.ceil(support * stretch) * 2 + 1;
  const first = new Int32Array(count);
  const counts = new Int32Array(count);
  const weights = new Int32Array(count * taps);
  const raw = new Float64Array(taps);
  for (let i = 0; i < count; i++) {
    const centre = (i + offset + 0.5) * scale;
    const from = Math.max(0, Math.trunc(centre - support * stretch + 0.5));
    const to = Math.min(inSize, Math.trunc(centre + support * stretch + 0.5));
    let sum = 0;
    for (let k = 0; k < to - from; k++) {
      const value = weight((from + k - centre + 0.5) / stretch);
      raw[k] = value;
      sum += value;
    }
    first[i] = from;
    for (let k = 0; k < to - from; k++) {
      const whole = fixedPoint(sum === 0 ? (raw[k] as number) : (raw[k] as number) / sum);
      weights[i * taps + k] = whole;
      if (whole !== 0) counts[i] = k + 1;
    }
  }
  return { first, counts, weights, taps };
}

function fixedPoint(value: number): number {
  return Math.trunc(value * 2 ** PRECISION_BITS + (value < 0 ? -0.5 : 0.5));
}

/** Resizes with the antialiased, separable, fixed-point resampling that Pillow defined (rows first, rounded to 8 bits
 * between the passes), so that a tower sees the pixels that its published weights were trained on.
 * @see https://pillow.readthedocs.io/en/stable/handbook/concepts.html#filters */
export function resample(image: RawImage, options: ResampleOptions): RawImage {
  const { width, height, interpolation } = options;
  const region = options.region ?? { left: 0, top: 0, width: image.width, height: image.height };
  const window = options.window ?? { left: 0, top: 0, width, height };
  const across = axisWeights(region.width, width, window.left, window.width, interpolation);
  const down = axisWeights(region.height, height, window.top, window.height, interpolation);
  const firstRow = down.first[0] ?? 0;
  const endRow = (down.first[window.height - 1] ?? 0) + (down.counts[window.height - 1] ?? 0);
  const rows = resampleRows(
    image,
    { ...region, top: region.top + firstRow, height: endRow - firstRow },
    across,
    window.width,
  );
  const pixels = resampleColumns(rows, firstRow, down, window);
  return { pixels, width: window.width, height: window.height };
}

/** The rows of the region, brought to `width`. One or two weights, as in all enlarging, have a path of their own, which
 * halves its time; the same below. */
function resampleRows(image: RawImage, region: Rectangle, across: Weights, width: number): Uint8Array {
  const source = image.pixels;
  const { first, counts, weights, taps } = across;
  const result = new Uint8ClampedArray(region.height * width * 3);
  for (let y = 0, at = 0; y < region.height; y++) {
    const row = ((y + region.top) * image.width + region.left) * 3;
    for (let x = 0; x < width; x++, at += 3) {
      const count = counts[x] as number;
      let p = row + (first[x] as number) * 3;
      let w = x * taps;
      if (count <= 2) {
        const a = weights[w] as number;
        const b = count === 2 ? (weights[w + 1] as number) : 0;
        const q = count === 2 ? p + 3 : p;
        result[at] = (imul(source[p] as number, a) + imul(source[q] as number, b) + HALF) >> PRECISION_BITS;
        result[at + 1] = (imul(source[p + 1] as number, a) + imul(source[q + 1] as number, b) + HALF) >> PRECISION_BITS;
        result[at + 2] = (imul(source[p + 2] as number, a) + imul(source[q + 2] as number, b) + HALF) >> PRECISION_BITS;
        continue;
      }
      let r = HALF;
      let g = HALF;
      let b = HALF;
      for (let k = 0; k < count; k++) {
        const weight = weights[w++] as number;
        r = (r + imul(source[p++] as number, weight)) | 0;
        g = (g + imul(source[p++] as number, weight)) | 0;
        b = (b + imul(source[p++] as number, weight)) | 0;
      }
      result[at] = r >> PRECISION_BITS;
      result[at + 1] = g >> PRECISION_BITS;
      result[at + 2] = b >> PRECISION_BITS;
    }
  }
  return new Uint8Array(result.buffer);
}

/** The rows, of which the first stands for source row `firstRow`, brought to the height of the window. */
function resampleColumns(rows: Uint8Array, firstRow: number, down: Weights, window: Rectangle): Uint8Array {
  const { first, counts, weights, taps } = down;
  const stride = window.width * 3;
  const result = new Uint8ClampedArray(window.height * stride);
  const sums = new Int32Array(stride);
  for (let y = 0; y < window.height; y++) {
    const row = ((first[y] as number) - firstRow) * stride;
    const count = counts[y] as number;
    if (count <= 2) {
      const last = count === 2 ? row + stride : row;
      const a = weights[y * taps] as number;
      const b = count === 2 ? (weights[y * taps + 1] as number) : 0;
      for (let i = 0, at = y * stride; i < stride; i++) {
        const sum = imul(rows[row + i] as number, a) + imul(rows[last + i] as number, b) + HALF;
        result[at + i] = sum >> PRECISION_BITS;
      }
      continue;
    }
    sums.fill(HALF);
    for (let k = 0; k < count; k++) {
      const weight = weights[y * taps + k] as number;
      for (let i = 0, p = row + k * stride; i < stride; i++, p++) {
        sums[i] = ((sums[i] as number) + imul(rows[p] as number, weight)) | 0;
      }
    }
    for (let i = 0, at = y * stride; i < stride; i++, at++) result[at] = (sums[i] as number) >> PRECISION_BITS;
  }
  return new Uint8Array(result.buffer);
}
