/** Puts arrays one behind the other, as rows of a matrix that came in parts. */
export function joinFloats(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let reached = 0;
  for (const part of parts) {
    whole.set(part, reached);
    reached += part.length;
  }
  return whole;
}
