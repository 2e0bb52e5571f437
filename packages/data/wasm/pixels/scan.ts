import { bit, bits, drop, endSegment, need, restart, signed, startBits } from './bits';
import { symbol } from './huffman';

/** Where the coefficients of the zigzag order stand in a block. */
const NATURAL: usize = memory.data<u8>([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47,
  55, 62, 63,
]);

// A component of a scan: eight numbers of 32 bits.
const COEFFICIENTS: usize = 0; // where they begin, 64 × i16 a block
const STRIDE: usize = 4; // blocks of a row, in memory
const ACROSS: usize = 8; // blocks of it in a unit of an interleaved scan
const DOWN: usize = 12;
const DC_TABLE: usize = 16;
const AC_TABLE: usize = 20;
const PREDICTION: usize = 24;
const COMPONENT_BYTES: usize = 32;

let first: i32 = 0;
let last: i32 = 0;
let low: i32 = 0;
let endRun: i32 = 0;

const SEQUENTIAL: i32 = 0;
const DC_FIRST: i32 = 1;
const DC_REFINE: i32 = 2;
const AC_FIRST: i32 = 3;

/** Decodes a scan into the coefficients of its components.
 * @param components - of the scan, each as above.  @param across - units in a row.
 * @param spectrum - first coefficient << 8 | last one.  @param approximation - high << 8 | low bit.
 * @param interval - units between restart markers, 0 for none.
 * @returns the place of the marker behind the scan, 0 if anything in it is damaged. */
export function decodeScan(
  components: usize,
  count: i32,
  across: i32,
  down: i32,
  progressive: bool,
  spectrum: i32,
  approximation: i32,
  interval: i32,
  from: usize,
  to: usize,
): usize {
  first = spectrum >> 8;
  last = spectrum & 255;
  low = approximation & 255;
  const high = approximation >> 8;
  const mode = progressive
    ? first == 0
      ? high == 0
        ? DC_FIRST
        : DC_REFINE
      : high == 0
        ? AC_FIRST
        : AC_FIRST + 1
    : 0;
  startBits(from, to);
  forget(components, count);
  let left = interval;
  let restarts = 0;
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      if (interval != 0 && left-- == 0) {
        if (endRun != 0 || !restart(restarts++)) return 0;
        forget(components, count);
        left = interval - 1;
      }
      if (count == 1) {
        if (!block(components, x, y, mode)) return 0;
        continue;
      }
      for (let c = 0; c < count; c++) {
        if (!unit(components + c * COMPONENT_BYTES, x, y, mode)) return 0;
      }
    }
  }
  return endRun == 0 ? endSegment() : 0;
}

function forget(components: usize, count: i32): void {
  endRun = 0;
  for (let c = 0; c < count; c++) store<i32>(components + c * COMPONENT_BYTES, 0, PREDICTION);
}

/** The blocks of one component in a unit of several. */
function unit(component: usize, x: i32, y: i32, mode: i32): bool {
  const across = load<i32>(component, ACROSS);
  const down = load<i32>(component, DOWN);
  for (let v = 0; v < down; v++) {
    for (let h = 0; h < across; h++) {
      if (!block(component, x * across + h, y * down + v, mode)) return false;
    }
  }
  return true;
}

function block(component: usize, x: i32, y: i32, mode: i32): bool {
  const place = load<usize>(component, COEFFICIENTS) + ((<usize>(y * load<i32>(component, STRIDE) + x)) << 7);
  if (mode == SEQUENTIAL) return dcFirst(component, place, 0) && acSequential(load<usize>(component, AC_TABLE), place);
  if (mode == AC_FIRST) return acFirst(load<usize>(component, AC_TABLE), place);
  if (mode == DC_FIRST) return dcFirst(component, place, low);
  if (mode == DC_REFINE) {
    store<i16>(place, <i16>(load<i16>(place) | (bit() << low)));
    return true;
  }
  return acRefine(load<usize>(component, AC_TABLE), place);
}

function dcFirst(component: usize, place: usize, shift: i32): bool {
  need();
  const size = symbol(load<usize>(component, DC_TABLE));
  if (size < 0 || size > 15) return false;
  const value = load<i32>(component, PREDICTION) + (size == 0 ? 0 : signed(size));
  store<i32>(component, value, PREDICTION);
  store<i16>(place, <i16>(value << shift));
  return true;
}

function acSequential(table: usize, place: usize): bool {
  for (let k = 1; k < 64; k++) {
    need();
    const code = symbol(table);
    if (code < 0) return false;
    const size = code & 15;
    const run = code >> 4;
    if (size == 0) {
      if (run != 15) return true;
      k += 15;
      continue;
    }
    k += run;
    if (k > 63) return false;
    store<i16>(place + ((<usize>load<u8>(NATURAL + k)) << 1), <i16>signed(size));
  }
  return true;
}

function acFirst(table: usize, place: usize): bool {
  if (endRun > 0) {
    endRun -= 1;
    return true;
  }
  for (let k = first; k <= last; k++) {
    need();
    const code = symbol(table);
    if (code < 0) return false;
    const size = code & 15;
    const run = code >> 4;
    if (size == 0) {
      if (run != 15) {
        endRun = runOf(run) - 1;
        return true;
      }
      k += 15;
      continue;
    }
    k += run;
    if (k > last) return false;
    store<i16>(place + ((<usize>load<u8>(NATURAL + k)) << 1), <i16>(signed(size) << low));
  }
  return true;
}

/** How many blocks have nothing further, this one among them. */
function runOf(size: i32): i32 {
  return size == 0 ? 1 : (1 << size) + bits(size);
}

function acRefine(table: usize, place: usize): bool {
  let k = first;
  while (endRun == 0 && k <= last) {
    need();
    const code = symbol(table);
    if (code < 0 || (code & 15) > 1) return false;
    let run = code >> 4;
    let value = 0;
    if ((code & 15) == 1) {
      value = bit() == 1 ? 1 << low : -1 << low;
    } else if (run != 15) {
      endRun = runOf(run);
      break;
    }
    for (; k <= last; k++) {
      const at = place + ((<usize>load<u8>(NATURAL + k)) << 1);
      if (load<i16>(at) != 0) refine(at);
      else if (run-- == 0) break;
    }
    if (k > last) return false;
    if (value != 0) store<i16>(place + ((<usize>load<u8>(NATURAL + k)) << 1), <i16>value);
    k += 1;
  }
  if (endRun == 0) return true;
  endRun -= 1;
  for (; k <= last; k++) {
    const at = place + ((<usize>load<u8>(NATURAL + k)) << 1);
    if (load<i16>(at) != 0) refine(at);
  }
  return true;
}

/** One more bit of a coefficient that is not zero. */
function refine(at: usize): void {
  if (bit() == 0) return;
  const value = <i32>load<i16>(at);
  if ((value & (1 << low)) == 0) store<i16>(at, <i16>(value + (value > 0 ? 1 << low : -1 << low)));
}
