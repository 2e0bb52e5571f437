import { createRandom } from '@azclip/base';

import { backgroundScores, relevance, sampleBackground } from './background.ts';
import { normalTail } from './normal-tail.ts';

describe('normalTail', () => {
  it('gives the table of the normal distribution', () => {
    const table = [0.5, 0.1586552539, 0.02275013195, 1.349898032e-3, 2.866515719e-7]; // 1 − Φ(0, 1, 2, 3, 5)
    for (const [i, z] of [0, 1, 2, 3, 5].entries()) expect(normalTail(z) / (table[i] ?? 0)).toBeCloseTo(1, 6);
    expect(normalTail(-1)).toBeCloseTo(1 - 0.1586552539, 7);
  });
});

describe('backgroundScores', () => {
  it('finds centre and spread, whatever a few fitting images score', () => {
    const random = createRandom(1);
    const rows = Float32Array.from({ length: 400 }, () => 0.1 + 0.05 * random.normal());
    rows.fill(1, 0, 10);
    const scores = backgroundScores(Float32Array.of(1), rows);
    expect(scores?.mean).toBeCloseTo(0.1, 1);
    expect(scores?.deviation).toBeCloseTo(0.05, 1);
  });

  it('says nothing of a background without spread', () => {
    expect(backgroundScores(Float32Array.of(1), new Float32Array(50))).toBeUndefined();
  });
});

describe('relevance', () => {
  const background = { mean: 0.1, deviation: 0.05 };

  it('is (1 − p)ⁿ of the chance p that one unrelated image scores higher', () => {
    expect(relevance(0.2, 10, background)).toBeCloseTo((1 - 0.02275013195) ** 10, 6); // z = 2
  });

  it('of the same score falls with the size of the gallery', () => {
    expect(relevance(0.3, 100, background)).toBeGreaterThan(relevance(0.3, 100_000, background));
  });
});

describe('sampleBackground', () => {
  it('spreads over all items', () => {
    const items = Array.from({ length: 10 }, (_, i) => ({ id: 'x', vector: Float32Array.of(i), metadata: {} }));
    expect(Array.from(sampleBackground(items, 1, 5))).toEqual([0, 2, 4, 6, 8]);
  });
});
