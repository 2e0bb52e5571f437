/** Thrown when a tensor does not have the shape its consumer documents. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

/** Checks a shape at the door of a function.
 * @param what - the value's name, first in the message.
 * @param actual - the shape that came.
 * @param expected - the shape that is documented; −1 matches any size.
 * @throws {ShapeError} unless `actual` fits `expected`. */
export function assertShape(what: string, actual: readonly number[], expected: readonly number[]): void {
  const fits =
    actual.length === expected.length && expected.every((size, axis) => size === -1 || size === actual[axis]);
  if (!fits) throw new ShapeError(`${what}: expected [${expected.join(', ')}], got [${actual.join(', ')}]`);
}
