import type { RawImage } from '../image/raw-image.ts';

/** Gaussian blur, cut off at three sigma, rows then columns; the border pixels stand for what lies beyond.
 * @param sigma - pixels. */
export function gaussianBlur(image: RawImage, sigma: number): RawImage {
  const radius = Math.max(1, Math.ceil(3 * sigma));
  const raw = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const sum = raw.reduce((a, b) => a + b);
  const kernel = raw.map((value) => value / sum);
  const { width, height } = image;
  const rows = blurAxis(Float32Array.from(image.pixels), kernel, {
    length: width,
    step: 3,
    lines: height,
    lineStep: width * 3,
  });
  const both = blurAxis(rows, kernel, { length: height, step: width * 3, lines: width, lineStep: 3 });
  return { pixels: new Uint8Array(Uint8ClampedArray.from(both).buffer), width, height };
}

/** How the pixels of one line, and the lines, lie in memory. */
interface Axis {
  readonly length: number;
  readonly step: number;
  readonly lines: number;
  readonly lineStep: number;
}

function blurAxis(values: Float32Array, kernel: Float64Array, { length, step, lines, lineStep }: Axis): Float32Array {
  const result = new Float32Array(values.length);
  const radius = (kernel.length - 1) / 2;
  for (let line = 0; line < lines; line++) {
    for (let i = 0; i < length; i++) {
      for (let channel = 0; channel < 3; channel++) {
        const base = line * lineStep + channel;
        let sum = 0;
        for (let k = 0; k < kernel.length; k++) {
          const at = i + k - radius;
          const inside = at < 0 ? 0 : at >= length ? length - 1 : at;
          sum += (kernel[k] as number) * (values[base + inside * step] as number);
        }
        result[base + i * step] = sum;
      }
    }
  }
  return result;
}
