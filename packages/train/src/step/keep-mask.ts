import { mixSeed } from '@azclip/base';
import type { KeepMask } from '@azclip/nn';
import type { HostData } from '@azclip/onnx';

import type { StepContext } from './step-runner.ts';

/** Dropout masks as inputs of the step: the n-th mask of a step comes from the stream (seed of the step, n), so a step
 * replayed with its seed drops the same entries, on every backend. */
export function hostKeepMasks(context: StepContext): KeepMask {
  let count = 0;
  return (shape, keep) => {
    const index = count;
    count += 1;
    return context.hostInput(shape, 'float32', (data, seed) => {
      fillKeepMask(data, keep, mixSeed(seed, index));
    });
  };
}

/** Bits of 1 in float32. */
const one = 0x3f800000;

/** Writes 1 where an entry stays and 0 where it goes. Entries 2i and 2i + 1 are two halves of a hash of (seed, i), murmur3's
 * finalizer, and are written as bits, without a branch: masks are drawn at every step and must cost next to nothing.
 * @param data - float32.  @param keep - the share that stays, in steps of 2⁻¹⁶. */
export function fillKeepMask(data: HostData, keep: number, seed: number): void {
  const bits = new Int32Array(data.buffer, data.byteOffset, data.length);
  const kept = Math.round(keep * 65_536);
  const even = bits.length & ~1;
  for (let i = 0; i < even; i += 2) {
    const drawn = hash(i, seed);
    bits[i] = (((drawn & 0xffff) - kept) >> 31) & one;
    bits[i + 1] = (((drawn >>> 16) - kept) >> 31) & one;
  }
  if (even < bits.length) bits[even] = (((hash(even, seed) & 0xffff) - kept) >> 31) & one;
}

/** @see Appleby, MurmurHash3, fmix32 — https://github.com/aappleby/smhasher; the factor before it is 2³² over the golden ratio. */
function hash(i: number, seed: number): number {
  let x = Math.imul(i, 0x9e3779b1) ^ seed;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}
