import { axisWeights, type AxisWeights, type Interpolation } from './axis-weights.ts';
import type { KernelImage } from './open-image.ts';
import { pixelKernel, type ColumnArguments, type PixelKernel } from './pixel-kernel.ts';
import type { RawImage, Rectangle } from './raw-image.ts';

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
  /** Whether left and right of the result are exchanged. */
  readonly mirrored?: boolean;
}

/** Mean and standard deviation of the channels, of values in 0 … 1. */
export interface Normalisation {
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

/** Resizes with the antialiased, separable, fixed-point resampling that Pillow defined (rows first, rounded to 8 bits
 * between the passes), so that a tower sees the pixels that its published weights were trained on.
 * @see https://pillow.readthedocs.io/en/stable/handbook/concepts.html#filters */
export function resample(image: RawImage, options: ResampleOptions): RawImage {
  return resampleDecoded({ kernel: pixelKernel(), left: 0, top: 0, ...image }, options);
}

/** The same of pixels that were just decoded; `options.region` counts from the corner of the whole image. */
export function resampleDecoded(image: KernelImage, options: ResampleOptions): RawImage {
  const { kernel } = image;
  const { width, height, columns } = resizeRows(image, options);
  const out = kernel.reserve(width * height * 3);
  kernel.functions.resampleColumns(...columns, out);
  return { pixels: kernel.bytes(out, width * height * 3).slice(), width, height };
}

/** Resizes and normalises in one pass.
 * @param result - [height, width, 3] of the result: (x / 255 − mean) / std. */
export function resampleInto(image: KernelImage, options: ResampleOptions & Normalisation, result: Float32Array): void {
  const { kernel } = image;
  const { width, height, columns } = resizeRows(image, options);
  const { mean, std } = options;
  const scale = std.map((value) => 1 / (255 * value));
  const offset = mean.map((value, c) => -value / (std[c] ?? 1));
  const repeated = [scale, offset].flatMap((values) => Array.from({ length: 18 }, (_, i) => values[i % 3] ?? 0));
  const normalisation = kernel.place(Float32Array.from(repeated));
  const out = kernel.reserve(width * height * 12);
  kernel.functions.resampleToInput(...columns, normalisation, out);
  result.set(kernel.floats(out, width * height * 3));
}

/** Brings the rows that count to their width, and says how their columns go on. */
function resizeRows(
  image: KernelImage,
  options: ResampleOptions,
): { readonly width: number; readonly height: number; readonly columns: ColumnArguments } {
  const { kernel } = image;
  const { interpolation, mirrored = false } = options;
  const region = options.region ?? image;
  const window = options.window ?? { left: 0, top: 0, width: options.width, height: options.height };
  const { width, height } = window;
  const across = axisWeights(region.width, options.width, window.left, width, interpolation);
  const down = axisWeights(region.height, options.height, window.top, height, interpolation);
  const first = down.firsts[0] ?? 0;
  const rows = (down.firsts[height - 1] ?? 0) + (down.counts[height - 1] ?? 0) - first;
  const resized = kernel.reserve(rows * width * 3);
  const stride = image.width * 3;
  const column = (region.left - image.left) * 3;
  const weights = placed(kernel, mirrored ? reversed(across) : across);
  for (const strip of strips(image, region.top - image.top + first, rows)) {
    const [from, to] = [strip.at + column, resized + strip.first * width * 3];
    kernel.functions.resampleRows(from, stride, strip.rows, width, ...weights, to);
  }
  return { width, height, columns: [resized - first * width * 3, width * 3, height, ...placed(kernel, down)] };
}

/** Rows from `top` on, by address; those that are not in the kernel's memory get there a megabyte at a time, so that a huge
 * image does not enlarge it for good. */
function* strips(
  { kernel, pixels, width }: KernelImage,
  top: number,
  rows: number,
): Generator<{ readonly at: number; readonly first: number; readonly rows: number }> {
  const stride = width * 3;
  if (typeof pixels === 'number') {
    yield { at: pixels + top * stride, first: 0, rows };
    return;
  }
  const height = Math.min(rows, Math.max(1, Math.floor(2 ** 20 / stride)));
  const at = kernel.reserve(height * stride);
  for (let first = 0; first < rows; first += height) {
    const part = pixels.subarray((top + first) * stride, (top + Math.min(rows, first + height)) * stride);
    kernel.bytes(at, part.length).set(part);
    yield { at, first, rows: part.length / stride };
  }
}

function placed(
  kernel: PixelKernel,
  { firsts, counts, weights, taps }: AxisWeights,
): readonly [firsts: number, counts: number, weights: number, taps: number] {
  return [kernel.place(firsts), kernel.place(counts), kernel.place(weights), taps];
}

/** The last position first. */
function reversed({ firsts, counts, weights, taps }: AxisWeights): AxisWeights {
  const result = new Int32Array(weights.length);
  for (let i = 0; i < firsts.length; i++) {
    result.set(weights.subarray(i * taps, (i + 1) * taps), (firsts.length - 1 - i) * taps);
  }
  return { firsts: firsts.toReversed(), counts: counts.toReversed(), weights: result, taps };
}
