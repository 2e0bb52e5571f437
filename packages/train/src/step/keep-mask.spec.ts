import { fillKeepMask } from './keep-mask.ts';

const maskOf = (length: number, keep: number, seed: number): Float32Array => {
  const mask = new Float32Array(length).fill(7);
  fillKeepMask(mask, keep, seed);
  return mask;
};
const meanOf = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

it('holds ones and zeros alone, also where the length is odd', () => {
  expect(new Set(maskOf(1001, 0.5, 1))).toEqual(new Set([0, 1]));
});

it.each([0.1, 0.5, 0.7])('keeps its share: %f', (keep) => {
  const mean = meanOf(maskOf(100_000, keep, 5));
  expect(Math.abs(mean - keep)).toBeLessThan(4 * Math.sqrt((keep * (1 - keep)) / 100_000)); // four standard errors
});

it('keeps all or nothing at the ends', () => {
  expect(meanOf(maskOf(1000, 1, 3))).toBe(1);
  expect(meanOf(maskOf(1000, 0, 3))).toBe(0);
});

it('is the same for the same seed, and independent for the next', () => {
  expect(maskOf(500, 0.5, 9)).toEqual(maskOf(500, 0.5, 9));
  const [a, b] = [maskOf(100_000, 0.5, 9), maskOf(100_000, 0.5, 10)];
  expect(Math.abs(meanOf(a.map((value, i) => value * (b[i] ?? 0))) - 0.25)).toBeLessThan(0.006); // ½ · ½
});

it('draws neighbours, and entries a row apart, independently', () => {
  const mask = maskOf(100_000, 0.5, 11);
  for (const distance of [1, 2, 512, 1280]) {
    const both = meanOf(mask.map((value, i) => value * (mask[(i + distance) % mask.length] ?? 0)));
    expect(Math.abs(both - 0.25)).toBeLessThan(0.006);
  }
});
