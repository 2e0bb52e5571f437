import { prefetch } from './prefetch.ts';

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function* count(n: number, log: string[] = []): AsyncGenerator<number> {
  try {
    for (let i = 0; i < n; i += 1) {
      await pause();
      log.push(`made ${String(i)}`);
      yield i;
    }
  } finally {
    log.push('closed');
  }
}

it('keeps the order and ends with the source', async () => {
  const seen: number[] = [];
  for await (const i of prefetch(count(5), 2)) seen.push(i);
  expect(seen).toEqual([0, 1, 2, 3, 4]);
});

it('makes items ahead of the consumer', async () => {
  const log: string[] = [];
  for await (const i of prefetch(count(3, log), 2)) {
    for (let turn = 0; turn < 20; turn += 1) await pause();
    log.push(`took ${String(i)}`);
  }
  expect(log.indexOf('made 2')).toBeLessThan(log.indexOf('took 0'));
});

it('closes the source when the consumer stops early', async () => {
  const log: string[] = [];
  for await (const i of prefetch(count(100, log), 3)) if (i === 1) break;
  expect(log.at(-1)).toBe('closed');
  expect(log.length).toBeLessThan(10);
});

it("throws the source's error in its place", async () => {
  const failing = (async function* () {
    yield await Promise.resolve(1);
    throw new Error('corrupt');
  })();
  const seen: number[] = [];
  const consume = async (): Promise<void> => {
    for await (const i of prefetch(failing, 2)) seen.push(i);
  };
  await expect(consume()).rejects.toThrow('corrupt');
  expect(seen).toEqual([1]);
});
