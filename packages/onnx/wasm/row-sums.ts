// → src/trace/row-sums.wasm.ts, memory of one thread
// Sums of weighted rows of float32; pointers are byte offsets.

/** table[ids[i]] += weights[i] · vectors[⌊i / each⌋], one after another; ids outside the table and weights of 0 count nowhere.
 * @param each - ids that share a vector, side by side.
 * @param width - entries of a row, a multiple of 4. */
export function addWeightedRows(
  table: usize,
  ids: usize,
  weights: usize,
  vectors: usize,
  count: i32,
  each: i32,
  width: i32,
  rows: i32,
): void {
  const bytes = (<usize>width) << 2;
  for (let i = 0; i < count; i++) {
    const id = load<i32>(ids + ((<usize>i) << 2));
    const weight = load<f32>(weights + ((<usize>i) << 2));
    if (<u32>id >= <u32>rows || weight == 0) continue;
    const to = table + <usize>id * bytes;
    const from = vectors + <usize>(i / each) * bytes;
    const factor = f32x4.splat(weight);
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(to + at, f32x4.add(v128.load(to + at), f32x4.mul(v128.load(from + at), factor)));
    }
  }
}
