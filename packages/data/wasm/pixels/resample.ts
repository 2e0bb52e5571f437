// Antialiased, separable resampling in whole numbers of 2^−22, rounded to 8 bits between the passes: Pillow's arithmetic.
// An axis is described, for each of its result positions, by the first source position, how many count, and their weights
// (i32, `taps` apart).

const PRECISION_BITS: i32 = 22;
const HALF: i32 = 1 << (PRECISION_BITS - 1);

/** Rows of RGB pixels brought to another width.
 * @param source - first row, `stride` bytes from one to the next. */
export function resampleRows(
  source: usize,
  stride: i32,
  rows: i32,
  width: i32,
  firsts: usize,
  counts: usize,
  weights: usize,
  taps: i32,
  out: usize,
): void {
  for (let y = 0; y < rows; y++) {
    const row = source + y * stride;
    for (let x = 0; x < width; x++) {
      let sum = i32x4.splat(HALF);
      let at = row + load<i32>(firsts + (x << 2)) * 3;
      let weight = weights + ((x * taps) << 2);
      for (let left = load<i32>(counts + (x << 2)); left > 0; left--) {
        const pixel = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at)));
        sum = i32x4.add(sum, i32x4.mul(pixel, v128.load32_splat(weight)));
        at += 3;
        weight += 4;
      }
      const words = i16x8.narrow_i32x4_s(i32x4.shr_s(sum, PRECISION_BITS), i32x4.splat(0));
      v128.store32_lane(out, i8x16.narrow_i16x8_u(words, words), 0);
      out += 3;
    }
  }
}

/** Sixteen bytes of a result row: the weighed sum of `count` source rows, `stride` apart. */
function columns(at: usize, stride: i32, count: i32, weights: usize): v128 {
  let a = i32x4.splat(HALF);
  let b = a;
  let c = a;
  let d = a;
  for (let k = 0; k < count; k++) {
    const weight = v128.load32_splat(weights + (k << 2));
    const bytes = v128.load(at);
    const left = i16x8.extend_low_i8x16_u(bytes);
    const right = i16x8.extend_high_i8x16_u(bytes);
    a = i32x4.add(a, i32x4.mul(i32x4.extend_low_i16x8_u(left), weight));
    b = i32x4.add(b, i32x4.mul(i32x4.extend_high_i16x8_u(left), weight));
    c = i32x4.add(c, i32x4.mul(i32x4.extend_low_i16x8_u(right), weight));
    d = i32x4.add(d, i32x4.mul(i32x4.extend_high_i16x8_u(right), weight));
    at += stride;
  }
  return i8x16.narrow_i16x8_u(
    i16x8.narrow_i32x4_s(i32x4.shr_s(a, PRECISION_BITS), i32x4.shr_s(b, PRECISION_BITS)),
    i16x8.narrow_i32x4_s(i32x4.shr_s(c, PRECISION_BITS), i32x4.shr_s(d, PRECISION_BITS)),
  );
}

/** Rows brought to another height, bytes.
 * @param stride - bytes of a row; what is written reaches up to 15 bytes beyond the last one. */
export function resampleColumns(
  source: usize,
  stride: i32,
  height: i32,
  firsts: usize,
  counts: usize,
  weights: usize,
  taps: i32,
  out: usize,
): void {
  for (let y = 0; y < height; y++) {
    const row = source + load<i32>(firsts + (y << 2)) * stride;
    const count = load<i32>(counts + (y << 2));
    const weight = weights + ((y * taps) << 2);
    for (let x = 0; x < stride; x += 16) v128.store(out + x, columns(row + x, stride, count, weight));
    out += stride;
  }
}

/** The same, normalised: value · scale + offset.
 * @param normalisation - scales, then offsets of the bytes 0 … 17 of a row, each 18 × f32.
 * @param out - f32, `stride` a row; what is written reaches up to 15 numbers beyond the last row. */
export function resampleToInput(
  source: usize,
  stride: i32,
  height: i32,
  firsts: usize,
  counts: usize,
  weights: usize,
  taps: i32,
  normalisation: usize,
  out: usize,
): void {
  for (let y = 0; y < height; y++) {
    const row = source + load<i32>(firsts + (y << 2)) * stride;
    const count = load<i32>(counts + (y << 2));
    const weight = weights + ((y * taps) << 2);
    let phase: usize = 0;
    for (let x = 0; x < stride; x += 16) {
      const bytes = columns(row + x, stride, count, weight);
      const left = i16x8.extend_low_i8x16_u(bytes);
      const right = i16x8.extend_high_i8x16_u(bytes);
      const to = out + (x << 2);
      const scale = normalisation + phase;
      v128.store(to, normal(i32x4.extend_low_i16x8_u(left), scale), 0);
      v128.store(to, normal(i32x4.extend_high_i16x8_u(left), scale + 16), 16);
      v128.store(to, normal(i32x4.extend_low_i16x8_u(right), scale + 32), 32);
      v128.store(to, normal(i32x4.extend_high_i16x8_u(right), scale + 48), 48);
      phase = phase == 8 ? 0 : phase + 4; // 16 bytes further, the channel is the next one
    }
    out += stride << 2;
  }
}

function normal(values: v128, scale: usize): v128 {
  return f32x4.add(f32x4.mul(f32x4.convert_i32x4_u(values), v128.load(scale)), v128.load(scale, 72));
}
