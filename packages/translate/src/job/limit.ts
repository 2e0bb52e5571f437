/** Runs tasks, no more than `concurrency` at a time, in the order in which they came. */
export function createLimit(concurrency: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await task();
    } finally {
      const next = waiting.shift(); // hands its place on
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
