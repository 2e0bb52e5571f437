// The inverse cosine transform of Loeffler, Ligtenberg and Moschytz (1989) in whole numbers of 2^−13, rounded as libjpeg's
// accurate one is, so that the bytes are equal to its own. Products of pairs are summed by one instruction.

/** A block of 8 × 8 numbers between the passes. */
const WORK: usize = memory.data(128, 16);

function pair(a: i16, b: i16): v128 {
  return i16x8(a, b, a, b, a, b, a, b);
}

function low(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}

function high(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}

/** Sums and differences of the even and the odd part, rounded: results i and 7 − i of four columns, one above the other. */
function rounded(value: v128, half: v128, shift: i32): v128 {
  return i32x4.shr_s(i32x4.add(value, half), shift);
}

/** One-dimensional transforms of the columns of the block at `WORK`, which it leaves there transposed. */
function pass(shift: i32): void {
  const half = i32x4.splat(1 << (shift - 1));
  const in0 = v128.load(WORK, 0);
  const in1 = v128.load(WORK, 16);
  const in2 = v128.load(WORK, 32);
  const in3 = v128.load(WORK, 48);
  const in4 = v128.load(WORK, 64);
  const in5 = v128.load(WORK, 80);
  const in6 = v128.load(WORK, 96);
  const in7 = v128.load(WORK, 112);
  const z3 = i16x8.add(in7, in3);
  const z4 = i16x8.add(in5, in1);

  // the left four columns
  let a = low(in2, in6);
  let t2 = i32x4.dot_i16x8_s(a, pair(4433, -10704));
  let t3 = i32x4.dot_i16x8_s(a, pair(10703, 4433));
  a = low(in0, in4);
  let t0 = i32x4.dot_i16x8_s(a, pair(8192, 8192));
  let t1 = i32x4.dot_i16x8_s(a, pair(8192, -8192));
  let even0 = i32x4.add(t0, t3);
  let even3 = i32x4.sub(t0, t3);
  let even1 = i32x4.add(t1, t2);
  let even2 = i32x4.sub(t1, t2);
  a = low(z3, z4);
  let s3 = i32x4.dot_i16x8_s(a, pair(-6436, 9633));
  let s4 = i32x4.dot_i16x8_s(a, pair(9633, 6437));
  a = low(in7, in1);
  let odd3 = i32x4.add(i32x4.dot_i16x8_s(a, pair(-4927, -7373)), s3);
  let odd0 = i32x4.add(i32x4.dot_i16x8_s(a, pair(-7373, 4926)), s4);
  a = low(in5, in3);
  let odd2 = i32x4.add(i32x4.dot_i16x8_s(a, pair(-4176, -20995)), s4);
  let odd1 = i32x4.add(i32x4.dot_i16x8_s(a, pair(-20995, 4177)), s3);
  const left0 = rounded(i32x4.add(even0, odd0), half, shift);
  const left7 = rounded(i32x4.sub(even0, odd0), half, shift);
  const left1 = rounded(i32x4.add(even1, odd1), half, shift);
  const left6 = rounded(i32x4.sub(even1, odd1), half, shift);
  const left2 = rounded(i32x4.add(even2, odd2), half, shift);
  const left5 = rounded(i32x4.sub(even2, odd2), half, shift);
  const left3 = rounded(i32x4.add(even3, odd3), half, shift);
  const left4 = rounded(i32x4.sub(even3, odd3), half, shift);

  // the right four
  a = high(in2, in6);
  t2 = i32x4.dot_i16x8_s(a, pair(4433, -10704));
  t3 = i32x4.dot_i16x8_s(a, pair(10703, 4433));
  a = high(in0, in4);
  t0 = i32x4.dot_i16x8_s(a, pair(8192, 8192));
  t1 = i32x4.dot_i16x8_s(a, pair(8192, -8192));
  even0 = i32x4.add(t0, t3);
  even3 = i32x4.sub(t0, t3);
  even1 = i32x4.add(t1, t2);
  even2 = i32x4.sub(t1, t2);
  a = high(z3, z4);
  s3 = i32x4.dot_i16x8_s(a, pair(-6436, 9633));
  s4 = i32x4.dot_i16x8_s(a, pair(9633, 6437));
  a = high(in7, in1);
  odd3 = i32x4.add(i32x4.dot_i16x8_s(a, pair(-4927, -7373)), s3);
  odd0 = i32x4.add(i32x4.dot_i16x8_s(a, pair(-7373, 4926)), s4);
  a = high(in5, in3);
  odd2 = i32x4.add(i32x4.dot_i16x8_s(a, pair(-4176, -20995)), s4);
  odd1 = i32x4.add(i32x4.dot_i16x8_s(a, pair(-20995, 4177)), s3);
  const row0 = i16x8.narrow_i32x4_s(left0, rounded(i32x4.add(even0, odd0), half, shift));
  const row7 = i16x8.narrow_i32x4_s(left7, rounded(i32x4.sub(even0, odd0), half, shift));
  const row1 = i16x8.narrow_i32x4_s(left1, rounded(i32x4.add(even1, odd1), half, shift));
  const row6 = i16x8.narrow_i32x4_s(left6, rounded(i32x4.sub(even1, odd1), half, shift));
  const row2 = i16x8.narrow_i32x4_s(left2, rounded(i32x4.add(even2, odd2), half, shift));
  const row5 = i16x8.narrow_i32x4_s(left5, rounded(i32x4.sub(even2, odd2), half, shift));
  const row3 = i16x8.narrow_i32x4_s(left3, rounded(i32x4.add(even3, odd3), half, shift));
  const row4 = i16x8.narrow_i32x4_s(left4, rounded(i32x4.sub(even3, odd3), half, shift));

  // rows 0 4 | 1 5 | 2 6 | 3 7 interleaved three times over are the columns
  const a04 = low(row0, row4);
  const b04 = high(row0, row4);
  const a15 = low(row1, row5);
  const b15 = high(row1, row5);
  const a26 = low(row2, row6);
  const b26 = high(row2, row6);
  const a37 = low(row3, row7);
  const b37 = high(row3, row7);
  const a0246 = low(a04, a26);
  const b0246 = high(a04, a26);
  const c0246 = low(b04, b26);
  const d0246 = high(b04, b26);
  const a1357 = low(a15, a37);
  const b1357 = high(a15, a37);
  const c1357 = low(b15, b37);
  const d1357 = high(b15, b37);
  v128.store(WORK, low(a0246, a1357), 0);
  v128.store(WORK, high(a0246, a1357), 16);
  v128.store(WORK, low(b0246, b1357), 32);
  v128.store(WORK, high(b0246, b1357), 48);
  v128.store(WORK, low(c0246, c1357), 64);
  v128.store(WORK, high(c0246, c1357), 80);
  v128.store(WORK, low(d0246, d1357), 96);
  v128.store(WORK, high(d0246, d1357), 112);
}

/** Multiplies a block by its quantisation and brings it to `WORK`.
 * @returns whether any but the first coefficient counts. */
function dequantise(block: usize, quantisation: usize): bool {
  let any = i16x8.splat(0);
  for (let at: usize = 0; at < 128; at += 16) {
    const row = v128.load(block + at);
    any = v128.or(any, at == 0 ? i16x8.replace_lane(row, 0, 0) : row);
    v128.store(WORK + at, i16x8.mul(row, v128.load(quantisation + at)));
  }
  return v128.any_true(any);
}

/** Eight samples a row of two rows, around 128. */
function storeRows(out: usize, stride: usize, at: usize): void {
  const rows = v128.xor(i8x16.narrow_i16x8_s(v128.load(WORK + at), v128.load(WORK + at + 16)), i8x16.splat(-128));
  v128.store64_lane(out, rows, 0);
  v128.store64_lane(out + stride, rows, 1);
}

/** Turns a rectangle of blocks into samples.
 * @param coefficients - 64 × i16 a block, `blocks` blocks a row.  @param quantisation - 64 × i16.
 * @param plane - u8, `8 · blocks` samples a row. */
export function inverseTransform(
  coefficients: usize,
  quantisation: usize,
  plane: usize,
  blocks: i32,
  left: i32,
  right: i32,
  top: i32,
  bottom: i32,
): void {
  const stride: usize = blocks << 3;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const block = coefficients + ((<usize>(y * blocks + x)) << 7);
      const out = plane + y * 8 * stride + x * 8;
      if (dequantise(block, quantisation)) {
        pass(11);
        pass(18);
        for (let row: usize = 0; row < 8; row += 2) storeRows(out + row * stride, stride, row << 4);
      } else {
        const flat = v128.splat<u8>(<u8>max(0, min(255, ((<i32>load<i16>(WORK) + 4) >> 3) + 128)));
        for (let row: usize = 0; row < 8; row++) v128.store64_lane(out + row * stride, flat, 0);
      }
    }
  }
}
