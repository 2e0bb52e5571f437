// Planes of luma and chroma into RGB, three bytes a pixel. Chroma of half the size is brought to full by the triangle
// filter, 3 : 1 towards the nearer sample, and colours are converted in units of 2^−16: both as libjpeg does.

/** Grey samples into rows of RGB. */
export function greyRows(plane: usize, stride: i32, left: i32, top: i32, width: i32, height: i32, out: usize): void {
  for (let y = 0; y < height; y++) {
    const row = plane + (top + y) * stride + left;
    for (let x = 0; x < width; x += 8) {
      const grey = v128.load64_zero(row + x);
      storePixels(out + (y * width + x) * 3, grey, grey, grey);
    }
  }
}

/** Eight pixels of the low halves of three vectors: 24 bytes. */
function storePixels(out: usize, r: v128, g: v128, b: v128): void {
  const rg = v128.shuffle<u8>(r, g, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  v128.store(out, v128.shuffle<u8>(rg, b, 0, 1, 16, 2, 3, 17, 4, 5, 18, 6, 7, 19, 8, 9, 20, 10));
  v128.store64_lane(out + 16, v128.shuffle<u8>(rg, b, 11, 21, 12, 13, 22, 14, 15, 23, 0, 0, 0, 0, 0, 0, 0, 0), 0);
}

/** Planes of a picture: chroma has 1/across of the columns and 1/down of the rows of luma; its true size counts, as what
 * stands beyond was invented by the encoder.
 * @param scratch - 8 · (width + 64) bytes. */
export function colourRows(
  luma: usize,
  blue: usize,
  red: usize,
  lumaStride: i32,
  chromaStride: i32,
  chromaWidth: i32,
  chromaHeight: i32,
  across: i32,
  down: i32,
  left: i32,
  top: i32,
  width: i32,
  height: i32,
  scratch: usize,
  out: usize,
): void {
  const blueRow = scratch;
  const redRow = scratch + width + 64;
  const sums = redRow + width + 64;
  for (let y = top; y < top + height; y++) {
    if (across == 1) {
      convert(luma + y * lumaStride + left, blue + y * chromaStride + left, red + y * chromaStride + left, width, out);
    } else {
      const shift = left & 1;
      upsample(blue, chromaStride, chromaWidth, chromaHeight, down, y, left >> 1, width + shift, sums, blueRow);
      upsample(red, chromaStride, chromaWidth, chromaHeight, down, y, left >> 1, width + shift, sums, redRow);
      convert(luma + y * lumaStride + left, blueRow + shift, redRow + shift, width, out);
    }
    out += width * 3;
  }
}

/** One row of chroma at full width, from chroma column `from` on; at least `width` samples. */
function upsample(
  plane: usize,
  stride: i32,
  planeWidth: i32,
  planeHeight: i32,
  down: i32,
  y: i32,
  from: i32,
  width: i32,
  sums: usize,
  out: usize,
): void {
  // sums[1 + i] stands for chroma column from + i, a border on either side
  const near = plane + (down == 1 ? y : y >> 1) * stride;
  const neighbour = max(0, min(planeHeight - 1, (y >> 1) + ((y & 1) == 1 ? 1 : -1)));
  const far = down == 1 ? near : plane + neighbour * stride;
  const count = min((width + 1) >> 1, planeWidth - from);
  for (let i = 0; i < count; i += 8) {
    const sum = i16x8.add(i16x8.mul(v128.load8x8_u(near + from + i), i16x8.splat(3)), v128.load8x8_u(far + from + i));
    v128.store(sums + ((1 + i) << 1), sum);
  }
  store<i16>(sums, columnSum(near, far, max(0, from - 1)));
  store<i16>(sums + ((1 + count) << 1), columnSum(near, far, min(planeWidth - 1, from + count)));
  // with one row, sums are four times the samples: (3a + b + 1) / 4 is (12a + 4b + 4) / 16
  const even = i16x8.splat(down == 1 ? 4 : 8);
  const odd = i16x8.splat(down == 1 ? 8 : 7);
  for (let i = 0; i < count; i += 8) {
    const middle = i16x8.mul(v128.load(sums + ((1 + i) << 1)), i16x8.splat(3));
    const a = i16x8.shr_u(i16x8.add(i16x8.add(middle, v128.load(sums + (i << 1))), even), 4);
    const b = i16x8.shr_u(i16x8.add(i16x8.add(middle, v128.load(sums + ((2 + i) << 1))), odd), 4);
    v128.store(out + (i << 1), v128.or(a, i16x8.shl(b, 8)));
  }
}

function columnSum(near: usize, far: usize, column: i32): i16 {
  return <i16>(3 * <i32>load<u8>(near + column) + <i32>load<u8>(far + column));
}

/** A row of RGB. 1.402 is 1 + 26345 / 2^16, 1.772 is 2 − 14942 / 2^16, 0.71414 is 1 − 18734 / 2^16. */
function convert(luma: usize, blue: usize, red: usize, width: i32, out: usize): void {
  const middle = i16x8.splat(128);
  for (let x = 0; x < width; x += 8) {
    const y = v128.load8x8_u(luma + x);
    const cb = i16x8.sub(v128.load8x8_u(blue + x), middle);
    const cr = i16x8.sub(v128.load8x8_u(red + x), middle);
    const left = v128.shuffle<i16>(cb, cr, 0, 8, 1, 9, 2, 10, 3, 11);
    const right = v128.shuffle<i16>(cb, cr, 4, 12, 5, 13, 6, 14, 7, 15);
    const r = i16x8.add(i16x8.add(y, cr), weighed(left, right, i16x8(0, 26345, 0, 26345, 0, 26345, 0, 26345)));
    const g = i16x8.add(
      i16x8.sub(y, cr),
      weighed(left, right, i16x8(-22554, 18734, -22554, 18734, -22554, 18734, -22554, 18734)),
    );
    const b = i16x8.add(
      i16x8.add(y, i16x8.add(cb, cb)),
      weighed(left, right, i16x8(-14942, 0, -14942, 0, -14942, 0, -14942, 0)),
    );
    storePixels(out + x * 3, i8x16.narrow_i16x8_u(r, r), i8x16.narrow_i16x8_u(g, g), i8x16.narrow_i16x8_u(b, b));
  }
}

/** Pairs (blue, red) times weights of 2^−16, rounded. */
function weighed(left: v128, right: v128, weights: v128): v128 {
  const half = i32x4.splat(32768);
  return i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(left, weights), half), 16),
    i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(right, weights), half), 16),
  );
}
