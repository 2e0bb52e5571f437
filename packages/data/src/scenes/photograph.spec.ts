import { createRandom } from '@azclip/base';

import { photograph } from './photograph.ts';

it('adds grain and a cast about the picture, and repeats itself for a seed', () => {
  const image = { pixels: new Uint8Array(32 * 32 * 3).fill(120), width: 32, height: 32 };
  const [a, b] = [photograph(image, createRandom(1)), photograph(image, createRandom(1))];
  expect(a).toEqual(b);
  const mean = a.pixels.reduce((sum, value) => sum + value, 0) / a.pixels.length;
  expect(Math.abs(mean - 120)).toBeLessThan(120 * 0.1);
  expect(new Set(a.pixels).size).toBeGreaterThan(10);
});
