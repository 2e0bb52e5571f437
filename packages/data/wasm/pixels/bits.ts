// Bits of an entropy-coded segment, read most significant first. A zero byte after 0xff is dropped; from a marker on, zeros
// are handed out and counted, so that the end of the segment can tell whether any of them was used.

/** Unread bits, the next one on top. */
export let buffer: u64 = 0;
/** How many of them there are, padding included. */
export let count: i32 = 0;
let padding: i32 = 0;
let at: usize = 0;
let end: usize = 0;

export function startBits(from: usize, to: usize): void {
  at = from;
  end = to;
  startSegment();
}

function startSegment(): void {
  buffer = 0;
  count = 0;
  padding = 0;
}

/** Makes sure of more than 32 bits, enough for a code and its value. */
export function need(): void {
  if (count <= 32) refill();
}

function refill(): void {
  if (at + 4 <= end) {
    const word = bswap<u32>(load<u32>(at));
    if (((~word - 0x01010101) & word & 0x80808080) == 0) {
      buffer |= (<u64>word) << (32 - count);
      count += 32;
      at += 4;
      return;
    }
  }
  while (count <= 56) {
    const byte: u64 = at < end ? load<u8>(at) : 0xff;
    if (byte != 0xff) {
      buffer |= byte << (56 - count);
      at += 1;
    } else if (at + 1 < end && load<u8>(at + 1) == 0) {
      buffer |= byte << (56 - count);
      at += 2;
    } else {
      padding += 8;
    }
    count += 8;
  }
}

/** Drops `n` bits that were looked at. */
export function drop(n: i32): void {
  buffer <<= n;
  count -= n;
}

/** The next bit. */
export function bit(): i32 {
  if (count < 1) refill();
  const value = <i32>(buffer >> 63);
  drop(1);
  return value;
}

/** The next `n` bits as a whole number; 1 ≤ n ≤ 16, which `need` has made sure of. */
export function bits(n: i32): i32 {
  const value = <i32>(buffer >> (64 - n));
  drop(n);
  return value;
}

/** The next `n` bits as a signed value: those that begin with 0 are negative. */
export function signed(n: i32): i32 {
  const negative = ~(<i32>((<i64>buffer) >> 63));
  return bits(n) + (((-1 << n) + 1) & negative);
}

/** Whether the segment was used up to its last byte and no further: then the place of the marker behind it, else 0. */
export function endSegment(): usize {
  if (count <= 32) refill();
  const unread = count - padding;
  const marker = at + 1 < end && load<u8>(at) == 0xff && load<u8>(at + 1) != 0;
  return marker && unread >= 0 && unread < 8 ? at : 0;
}

/** Ends a segment and passes the restart marker of the given number.
 * @returns whether it was there. */
export function restart(number: i32): bool {
  if (endSegment() == 0 || load<u8>(at + 1) != 0xd0 + (number & 7)) return false;
  at += 2;
  startSegment();
  return true;
}
