import { int8Scale, quantize } from './quantize.ts';

describe('quantize', () => {
  it('takes 762 steps per unit at 512 dimensions, fewer where components are larger', () => {
    expect(int8Scale(512)).toBe(762);
    expect(int8Scale(128)).toBe(381); // √(128 / 512) = 1/2
  });

  it('rounds to the nearest step and clips at ±127', () => {
    expect(Array.from(quantize(Float32Array.of(0.1, -0.1, 0.2, -1), 762))).toEqual([76, -76, 127, -127]); // 76.2; 152.4
  });
});
