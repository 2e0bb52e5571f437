/** Arrays for what is made anew at every step, taken in turn: each is used again after `count` others. Fresh arrays would be
 * megabytes a step outside the heap, for which Node collects the whole heap again and again.
 * @param count - how many are in use at once, at most.
 * @returns an array of `size` numbers; it holds what it held before. */
export function memoryRing(count: number): (size: number) => Float32Array {
  const arrays: Float32Array[] = [];
  let turn = 0;
  return (size) => {
    turn = (turn + 1) % count;
    const known = arrays[turn];
    if (known?.length === size) return known;
    return (arrays[turn] = new Float32Array(size));
  };
}
