// → src/optimizer/adamw.wasm.ts, memory of one thread
// AdamW over arrays of float32 whose lengths are multiples of 16; pointers are byte offsets, aligned to 16.

/** Below it a number is subnormal: slow on some processors, and a moment that fades would stay there for ever. */
const smallest: f32 = 1.17549435e-38;

/** Sum of squares: of four entries each in single precision, then of those in two lanes of two doubles, in the order of the
 * entries.
 * @param count - a multiple of 16. */
export function sumOfSquares(values: usize, count: usize): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  const end = values + (count << 2);
  for (let at = values; at < end; at += 64) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    const ab = f32x4.add(f32x4.mul(a, a), f32x4.mul(b, b));
    const four = f32x4.add(ab, f32x4.add(f32x4.mul(c, c), f32x4.mul(d, d)));
    low = f64x2.add(low, f64x2.promote_low_f32x4(four));
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<i64>(four, four, 1, 0)));
  }
  const sums = f64x2.add(low, high);
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}

function withoutSubnormal(x: v128): v128 {
  return v128.andnot(x, f32x4.lt(f32x4.abs(x), f32x4.splat(smallest)));
}

/** One step: moments, decay and update in one pass; see `host-adamw.ts` for the scalars.
 * @param average - the moving average that follows the parameter, or 0. */
export function update(
  param: usize,
  gradient: usize,
  first: usize,
  second: usize,
  average: usize,
  count: usize,
  scale: f32,
  beta1: f32,
  beta2: f32,
  rate: f32,
  floor: f32,
  keep: f32,
  upper: f32,
  fresh: f32,
): void {
  const bytes = count << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const g = f32x4.mul(v128.load(gradient + i), f32x4.splat(scale));
    const sum = withoutSubnormal(f32x4.add(f32x4.mul(v128.load(first + i), f32x4.splat(beta1)), g));
    const faded = f32x4.mul(v128.load(second + i), f32x4.splat(beta2));
    const squares = withoutSubnormal(f32x4.add(faded, f32x4.mul(g, g)));
    v128.store(first + i, sum);
    v128.store(second + i, squares);
    const root = f32x4.add(f32x4.sqrt(squares), f32x4.splat(floor));
    const change = f32x4.div(f32x4.mul(sum, f32x4.splat(rate)), root);
    const kept = f32x4.mul(v128.load(param + i), f32x4.splat(keep));
    const moved = f32x4.min(f32x4.sub(kept, change), f32x4.splat(upper));
    v128.store(param + i, moved);
    if (average != 0) {
      const old = v128.load(average + i);
      v128.store(average + i, f32x4.add(old, f32x4.mul(f32x4.sub(moved, old), f32x4.splat(fresh))));
    }
  }
}
