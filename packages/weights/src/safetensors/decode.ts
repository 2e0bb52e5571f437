import type { HostData, StoredDtype } from './dtype.ts';

/** Turns stored bytes (little-endian, from the start of `bytes`) into host values at `into`.
 * @param bytes - a buffer of its own at offset 0; `into.length` values are read from it.
 * @throws {RangeError} for a 64-bit integer outside 32 bits. */
export type Decode = (bytes: ArrayBuffer, into: HostData) => void;

/** IEEE 754 half precision, value by bit pattern: one look-up beats arithmetic. */
let halves: Float32Array | undefined;

function halfTable(): Float32Array {
  halves ??= Float32Array.from({ length: 0x10000 }, (_, bits) => {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 0x1f;
    const fraction = bits & 0x3ff;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
  return halves;
}

/** The stored types whose bytes are not the host's bytes. */
export const decoders: Readonly<Partial<Record<StoredDtype, Decode>>> = {
  F64: (bytes, into) => {
    into.set(new Float64Array(bytes, 0, into.length));
  },
  F16: (bytes, into) => {
    const table = halfTable();
    const bits = new Uint16Array(bytes, 0, into.length);
    for (let i = 0; i < into.length; i++) into[i] = table[bits[i] as number] as number;
  },
  BF16: (bytes, into) => {
    const words = new Uint32Array(into.buffer, into.byteOffset, into.length); // the upper half of a float32
    const bits = new Uint16Array(bytes, 0, into.length);
    for (let i = 0; i < words.length; i++) words[i] = (bits[i] as number) << 16;
  },
  I64: (bytes, into) => {
    const words = new Int32Array(bytes, 0, 2 * into.length);
    for (let i = 0; i < into.length; i++) {
      const low = words[2 * i] as number;
      if (words[2 * i + 1] !== low >> 31) throw new RangeError(`entry ${String(i)} does not fit 32 bits`);
      into[i] = low;
    }
  },
  U8: (bytes, into) => {
    into.set(new Uint8Array(bytes, 0, into.length));
  },
};
