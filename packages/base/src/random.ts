/** A stream of chance: every function that needs chance takes one, so that the same seed gives the same numbers.
 * The generator is mulberry32 (Tommy Ettinger's 32-bit state mixer); streams of different labels are independent. */
export interface Random {
  /** Next number, uniform in [0, 1). */
  uniform(): number;
  /** Next number of the standard normal distribution (Box–Muller). */
  normal(): number;
  /** Next integer, uniform in 0 … `bound` − 1. */
  integer(bound: number): number;
  /** A stream of its own for `label`; it does not advance this one. */
  fork(label: string | number): Random;
}

/** Makes the stream of `seed`.
 * @param seed - any integer; only its low 32 bits count. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    integer: (bound) => Math.floor(uniform() * bound),
    fork: (label) => createRandom(mixSeed(seed, label)),
  };
}

/** Derives the seed of a labelled stream: FNV-1a over the label, started from `seed`. */
export function mixSeed(seed: number, label: string | number): number {
  let hash = (0x811c9dc5 ^ Math.imul(seed | 0, 0x9e3779b1)) >>> 0;
  for (const char of String(label)) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
