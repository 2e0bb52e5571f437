/** Applies `map` to the items of `source` in order, with up to `ahead` of them under way at the same time.
 * @throws what `source` or the first failing `map` throws; what else is under way is awaited by nobody. */
export async function* mapAhead<T, R>(
  source: AsyncIterable<T> | Iterable<T>,
  ahead: number,
  map: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const underWay: Promise<R>[] = [];
  for await (const item of source) {
    const result = map(item);
    result.catch(() => undefined); // reported when its turn comes, or never if the consumer stops
    underWay.push(result);
    if (underWay.length >= ahead) yield await (underWay.shift() as Promise<R>);
  }
  for (const result of underWay) yield await result;
}

/** Puts `size` items after the other into one; the last group may be smaller. */
export async function* inGroups<T>(source: AsyncIterable<T>, size: number): AsyncGenerator<readonly T[]> {
  let group: T[] = [];
  for await (const item of source) {
    group.push(item);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
