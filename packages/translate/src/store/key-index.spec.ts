import { createHash } from 'node:crypto';

import { createRandom } from '@azclip/base';

import { KeyIndex } from './key-index.ts';

const keyOf = (i: number): string => createHash('md5').update(String(i)).digest('hex');

it('finds every key again after growing, and no other', () => {
  const index = new KeyIndex(8);
  for (let i = 0; i < 5000; i += 1) index.set(keyOf(i), i * 2 ** 30);
  expect(index.size).toBe(5000);
  for (let i = 0; i < 5000; i += 1) expect(index.get(keyOf(i))).toBe(i * 2 ** 30);
  for (let i = 5000; i < 6000; i += 1) expect(index.get(keyOf(i))).toBeUndefined();
});

it('replaces the number of a key', () => {
  const index = new KeyIndex();
  index.set(keyOf(1), 5);
  index.set(keyOf(1), 0);
  expect([index.get(keyOf(1)), index.size]).toEqual([0, 1]);
});

it('tells apart keys that begin in the same slot', () => {
  const index = new KeyIndex(8);
  const keys = ['00000000', '00000001', '00000002'].map((tail) => `00000000${tail}`.padEnd(32, '0'));
  for (const [i, key] of keys.entries()) index.set(key, i);
  expect(keys.map((key) => index.get(key))).toEqual([0, 1, 2]);
});

it('holds half a million keys in 16 MB', () => {
  const random = createRandom(1);
  const index = new KeyIndex();
  const word = (): string =>
    random
      .integer(2 ** 32)
      .toString(16)
      .padStart(8, '0');
  for (let i = 0; i < 500_000; i += 1) index.set(word() + word(), i);
  expect(index.size).toBe(500_000);
  expect(index.byteLength).toBe(16 * 2 ** 20);
});
