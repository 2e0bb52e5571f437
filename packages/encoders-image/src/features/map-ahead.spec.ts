import { collect } from '@azclip/base';
import { setTimeout } from 'node:timers/promises';

import { inGroups, mapAhead } from './map-ahead.ts';

it('keeps the order while items overtake each other, and no more under way than asked', async () => {
  let underWay = 0;
  let most = 0;
  const slowFirst = async (n: number): Promise<number> => {
    most = Math.max(most, ++underWay);
    await setTimeout(n === 0 ? 20 : 1);
    underWay -= 1;
    return n;
  };
  expect(await collect(mapAhead([0, 1, 2, 3, 4], 3, slowFirst))).toEqual([0, 1, 2, 3, 4]);
  expect(most).toBe(3);
});

it('throws the failure in its turn', async () => {
  const results: number[] = [];
  const run = async (): Promise<void> => {
    const map = (n: number): Promise<number> => (n === 1 ? Promise.reject(new Error('one')) : Promise.resolve(n));
    for await (const n of mapAhead([0, 1, 2], 3, map)) results.push(n);
  };
  await expect(run()).rejects.toThrow('one');
  expect(results).toEqual([0]);
});

it('groups, the last one smaller', async () => {
  const source = mapAhead([1, 2, 3, 4, 5], 1, (n) => Promise.resolve(n));
  expect(await collect(inGroups(source, 2))).toEqual([[1, 2], [3, 4], [5]]);
});
