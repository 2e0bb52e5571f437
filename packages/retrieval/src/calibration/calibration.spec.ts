import { createRandom } from '@azclip/base';

import { fitLogistic } from './logistic.ts';
import { fitRelevance } from './fit-relevance.ts';
import { nonsenseQueries } from './nonsense.ts';
import { chanceGrowth, relevance } from './relevance.ts';

const random = createRandom(1);
const unitRow = (dim: number): number[] => {
  const row = Array.from({ length: dim }, () => random.normal());
  const norm = Math.hypot(...row);
  return row.map((value) => value / norm);
};

describe('relevance', () => {
  const curve = { offset: -2, perScore: 10, perSize: -1 };

  it('is the logistic function of score and √(2 ln n)', () => {
    const count = Math.exp(2); // √(2 · 2) = 2
    expect(relevance(0.4, count, curve)).toBeCloseTo(0.5, 12); // −2 + 4 − 2 = 0
    expect(relevance(0.5, count, curve)).toBeCloseTo(1 / (1 + Math.exp(-1)), 12);
  });

  it('of the same score falls with the size of the gallery', () => {
    expect(relevance(0.4, 100, curve)).toBeGreaterThan(relevance(0.4, 100_000, curve));
  });

  it('knows of chance nothing in a gallery of one image', () => {
    expect(chanceGrowth(1)).toBe(0);
    expect(chanceGrowth(0)).toBe(0);
  });
});

describe('fitLogistic', () => {
  it('finds the weights that labels were drawn by', () => {
    const rows = Array.from({ length: 4000 }, () => [random.normal(), 5 + 2 * random.normal()]);
    const logit = ([a = 0, b = 0]: number[]): number => -1 + 2 * a + 0.2 * b; // both classes come out equally often
    const labels = rows.map((row) => (random.uniform() < 1 / (1 + Math.exp(-logit(row))) ? 1 : 0));
    const [offset, first, second] = fitLogistic(rows, labels);
    expect(offset).toBeCloseTo(-1, 0);
    expect(first).toBeCloseTo(2, 0);
    expect(second).toBeCloseTo(0.2, 1);
  });

  it('stays finite where the classes part cleanly', () => {
    const [offset = NaN, weight = NaN] = fitLogistic([[0], [0.1], [0.9], [1]], [0, 0, 1, 1]);
    expect(-offset / weight).toBeCloseTo(0.5, 6); // halfway
    expect(weight).toBeLessThan(100);
  });
});

describe('fitRelevance', () => {
  const dim = 32;
  const pairs = 120;
  const images = Array.from({ length: pairs }, () => unitRow(dim));
  /** Captions near their images: cosine about 1 / √(1 + noise²). */
  const evidence = (noise: number): Parameters<typeof fitRelevance>[0] => {
    const captions = images.map((image) => {
      const off = unitRow(dim);
      const sum = image.map((value, i) => value + noise * (off[i] ?? 0));
      const norm = Math.hypot(...sum);
      return sum.map((value) => value / norm);
    });
    const rows = (each: readonly number[][]): Float32Array => Float32Array.from(each.flat());
    const nonsense = Array.from({ length: pairs }, () => unitRow(dim));
    return { images: rows(images), captions: rows(captions), nonsense: rows(nonsense), dim };
  };

  it('tells finds from chance where the model does, and says how often it errs', () => {
    const curve = fitRelevance(evidence(0.5)); // own cosine ≈ 0.89, best of chance ≈ 0.5
    expect(curve?.missed).toBeLessThan(0.02);
    expect(curve?.falseAlarms).toBeLessThan(0.02);
    expect(curve?.perScore).toBeGreaterThan(0);
    expect(curve?.perSize).toBeLessThan(0);
  });

  it('says how often it errs where the model errs', () => {
    const { missed = 0, falseAlarms = 0 } = fitRelevance(evidence(2)) ?? {}; // own cosine ≈ 0.45, among chance
    expect(missed + falseAlarms).toBeGreaterThan(0.05);
    expect(missed + falseAlarms).toBeLessThan(0.5);
  });

  it('learns nothing where the model cannot tell', () => {
    expect(fitRelevance(evidence(6))).toBeUndefined(); // own cosine ≈ 0.16: lost among chance
  });

  it('learns nothing from a few pairs', () => {
    const { images: rows, captions, nonsense } = evidence(0.5);
    expect(fitRelevance({ images: rows.slice(0, 39 * dim), captions, nonsense, dim })).toBeUndefined();
  });
});

describe('nonsenseQueries', () => {
  it('joins pieces of the vocabulary as words, and never special ones', () => {
    const queries = nonsenseQueries(['[CLS]', 'qır', '##mızı', '5', 'ev'], 50, createRandom(2));
    expect(queries).toHaveLength(50);
    expect(new Set(queries).size).toBeGreaterThan(30);
    expect(queries.every((query) => /^(?:qır|mızı|ev)+(?: (?:qır|mızı|ev)+)*$/u.test(query))).toBe(true);
    expect(queries.some((query) => query.includes('mızı'))).toBe(true);
  });
});
