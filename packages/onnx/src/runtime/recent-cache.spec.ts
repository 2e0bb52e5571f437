import { RecentCache } from './recent-cache.ts';

it('keeps what was used last and disposes of the rest', () => {
  const disposed: string[] = [];
  const cache = new RecentCache<string>(2, (value) => disposed.push(value));
  const get = (key: string) => cache.get(key, () => key.toUpperCase());
  expect([get('a'), get('b'), get('a'), get('c')]).toEqual(['A', 'B', 'A', 'C']); // b was used longest ago
  expect(disposed).toEqual(['B']);
  cache.clear();
  expect(disposed.toSorted()).toEqual(['A', 'B', 'C']);
});

it('makes a value once while it is kept', () => {
  let made = 0;
  const cache = new RecentCache<number>(1, () => undefined);
  const get = () => cache.get('key', () => ++made);
  expect([get(), get()]).toEqual([1, 1]);
});
