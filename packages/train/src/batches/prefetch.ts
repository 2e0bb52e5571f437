/** Makes the next items while the consumer is busy with the last: at most `ahead` of them wait, in order.
 * The source is closed when the consumer stops early; its error is thrown at the item where it arose. */
export async function* prefetch<T>(items: AsyncIterable<T>, ahead: number): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]();
  const waiting: Promise<IteratorResult<T>>[] = [];
  const request = (): void => {
    const next = iterator.next();
    next.catch(() => undefined); // the consumer meets the error when it takes this item
    waiting.push(next);
  };
  try {
    for (let i = 0; i < ahead; i += 1) request();
    for (;;) {
      request();
      const result = await (waiting.shift() as Promise<IteratorResult<T>>);
      if (result.done === true) return;
      yield result.value;
    }
  } finally {
    await Promise.allSettled(waiting);
    await iterator.return?.();
  }
}
