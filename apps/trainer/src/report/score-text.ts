import type { Interval } from '@azclip/metrics';

/** A share and its interval in %, such as `31.2 (30.0–32.5)`. */
export function share(interval: Interval | undefined): string {
  return interval ? text(interval, (x) => (100 * x).toFixed(1)) : '–';
}

/** A rank and its interval, such as `15 (14–16)`. */
export function rank(interval: Interval | undefined): string {
  return interval ? text(interval, (x) => String(Number(x.toFixed(1)))) : '–';
}

function text({ value, low, high }: Interval, write: (x: number) => string): string {
  return `${write(value)} (${write(low)}–${write(high)})`;
}
