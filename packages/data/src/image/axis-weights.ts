/** Filters of the resampling: the triangle and the cubic of Keys (1981) with a = −1/2. */
export type Interpolation = 'bilinear' | 'bicubic';

/** Weights are whole numbers of 2^−22, as many bits as 8-bit samples leave in a 32-bit sum with a head room of two. */
const PRECISION_BITS = 22;

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
export interface AxisWeights {
  readonly firsts: Int32Array;
  readonly counts: Int32Array;
  readonly weights: Int32Array;
  readonly taps: number;
}

/** Weights of `count` result positions from `offset` on, where `inSize` positions become `outSize`. The filter is
 * widened by the ratio where the image shrinks (antialiasing), and its weights sum to one. */
export function axisWeights(
  inSize: number,
  outSize: number,
  offset: number,
  count: number,
  kind: Interpolation,
): AxisWeights {
  const { support, weight } = FILTERS[kind];
  const scale = inSize / outSize;
  const stretch = Math.max(scale, 1);
  const taps = Math.ceil(support * stretch) * 2 + 1;
  const firsts = new Int32Array(count);
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
    firsts[i] = from;
    for (let k = 0; k < to - from; k++) {
      const whole = fixedPoint(sum === 0 ? (raw[k] as number) : (raw[k] as number) / sum);
      weights[i * taps + k] = whole;
      if (whole !== 0) counts[i] = k + 1;
    }
  }
  return { firsts, counts, weights, taps };
}

function fixedPoint(value: number): number {
  return Math.trunc(value * 2 ** PRECISION_BITS + (value < 0 ? -0.5 : 0.5));
}
