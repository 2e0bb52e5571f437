import { createRandom, mixSeed } from './random.ts';

const draw = (seed: number, count: number): number[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => random.uniform());
};

describe('createRandom', () => {
  it('repeats itself for the same seed and differs for another', () => {
    expect(draw(7, 5)).toEqual(draw(7, 5));
    expect(draw(7, 5)).not.toEqual(draw(8, 5));
  });

  it('has the mean and variance of the uniform distribution', () => {
    const xs = draw(1, 20_000);
    const mean = xs.reduce((a, b) => a + b) / xs.length;
    const variance = xs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / xs.length;
    expect(mean).toBeCloseTo(0.5, 2);
    expect(variance).toBeCloseTo(1 / 12, 2);
  });

  it('has the mean and variance of the normal distribution', () => {
    const random = createRandom(3);
    const xs = Array.from({ length: 20_000 }, () => random.normal());
    const mean = xs.reduce((a, b) => a + b) / xs.length;
    expect(mean).toBeCloseTo(0, 1);
    expect(xs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / xs.length).toBeCloseTo(1, 1);
  });

  it('forks streams that do not depend on how far the parent has run', () => {
    const parent = createRandom(5);
    const early = parent.fork('dropout').uniform();
    parent.uniform();
    expect(parent.fork('dropout').uniform()).toBe(early);
    expect(parent.fork('augment').uniform()).not.toBe(early);
  });

  it('draws every integer below the bound', () => {
    const random = createRandom(2);
    const seen = new Set(Array.from({ length: 200 }, () => random.integer(4)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3]);
  });
});

it('mixes label and seed', () => {
  expect(new Set([mixSeed(0, 'a'), mixSeed(0, 'b'), mixSeed(1, 'a'), mixSeed(1, 'b')]).size).toBe(4);
});
