import { memoryRing } from './memory-ring.ts';

it('gives an array again after all the others', () => {
  const take = memoryRing(3);
  const [a, b, c, d] = [take(4), take(4), take(4), take(4)];
  expect(new Set([a, b, c]).size).toBe(3);
  expect(d).toBe(a);
});

it('makes a new one where another size is asked for', () => {
  const take = memoryRing(1);
  const small = take(2);
  expect(take(5)).toHaveLength(5);
  expect(take(2)).not.toBe(small);
});
