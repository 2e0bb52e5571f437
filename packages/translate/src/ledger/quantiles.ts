/** The value below which a share `q` (0 … 1) of the numbers lies, interpolated; NaN of none. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = q * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)] ?? NaN, sorted[Math.ceil(place)] ?? NaN];
  return below + (above - below) * (place - Math.floor(place));
}

/** Middle and spread of numbers among which some are wild. */
export interface Spread {
  readonly median: number;
  /** 1.4826 × the median distance from the median: the standard deviation, were they normal. */
  readonly deviation: number;
}

/** Robust middle and spread. */
export function spreadOf(values: readonly number[]): Spread {
  const median = quantile(values, 0.5);
  const deviation =
    1.4826 *
    quantile(
      values.map((value) => Math.abs(value - median)),
      0.5,
    );
  return { median, deviation: Math.max(deviation, 1e-6) };
}

/** 0 up to `from`, 1 from `to` on, a straight line between; `from` may be the greater. */
export function ramp(value: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}
