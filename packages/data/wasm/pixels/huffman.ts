import { buffer, drop } from './bits';

// A table: codes of up to nine bits by look-up, u16 (length << 8 | symbol), 0 for longer ones; then for each length the
// first 16-bit value above its codes and what leads from a code to its symbol; then the symbols in order of their codes.
const LOOKUP_BITS: i32 = 9;
const LIMITS: usize = 1024;
const OFFSETS: usize = LIMITS + 17 * 4;
const SYMBOLS: usize = OFFSETS + 17 * 4;

/** Builds a table (1536 bytes) from how many codes there are of each length 1 … 16 and their symbols.
 * @returns whether the lengths make a code. */
export function buildTable(table: usize, counts: usize, symbols: usize): bool {
  memory.fill(table, 0, LIMITS);
  let code: i32 = 0;
  let index: i32 = 0;
  for (let length = 1; length <= 16; length++) {
    const codes: i32 = load<u8>(counts + length - 1);
    store<i32>(table + OFFSETS + (length << 2), index - code);
    for (let i = 0; i < codes; i++, code++, index++) {
      const symbol = load<u8>(symbols + index);
      store<u8>(table + SYMBOLS + index, symbol);
      if (length <= LOOKUP_BITS) fillLookup(table, code, length, symbol);
    }
    if (codes > 0 && code >= 1 << length) return false; // all ones are no code
    store<i32>(table + LIMITS + (length << 2), code << (16 - length));
    code <<= 1;
  }
  return true;
}

function fillLookup(table: usize, code: i32, length: i32, symbol: u8): void {
  const spare = LOOKUP_BITS - length;
  const first = code << spare;
  if (first + (1 << spare) > 1 << LOOKUP_BITS) return;
  for (let i = 0; i < 1 << spare; i++) store<u16>(table + ((first + i) << 1), <u16>((length << 8) | symbol));
}

/** The next symbol, −1 where no code fits; needs 16 bits. */
export function symbol(table: usize): i32 {
  const entry = <i32>load<u16>(table + <usize>((buffer >> (64 - LOOKUP_BITS)) << 1));
  if (entry != 0) {
    drop(entry >> 8);
    return entry & 255;
  }
  return longSymbol(table);
}

function longSymbol(table: usize): i32 {
  const word = <i32>(buffer >> 48);
  for (let length = LOOKUP_BITS + 1; length <= 16; length++) {
    if (word >= load<i32>(table + LIMITS + (length << 2))) continue;
    drop(length);
    const index = (word >> (16 - length)) + load<i32>(table + OFFSETS + (length << 2));
    return load<u8>(table + SYMBOLS + (index & 255));
  }
  return -1;
}
