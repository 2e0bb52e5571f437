import { createRandom } from '@azclip/base';

import { EmptyGalleryError, LengthError } from './errors.ts';
import { dotScores, scoresOfFeatures, scoresOfArray, transpose } from './score-rows.ts';

describe('dotScores', () => {
  it.each([
    [1, 1, 1],
    [2, 4, 3],
    [5, 67, 7],
    [3, 130, 2],
  ])('is the product of %i query rows and %i gallery rows of %i', (rows, items, dim) => {
    const random = createRandom(rows);
    const queries = Float32Array.from({ length: rows * dim }, () => random.normal());
    const gallery = Float32Array.from({ length: items * dim }, () => random.normal());
    const expected = Array.from({ length: rows * items }, (_, i) => {
      const [row, item] = [Math.floor(i / items), i % items];
      let sum = 0;
      for (let k = 0; k < dim; k += 1) sum += (queries[row * dim + k] ?? NaN) * (gallery[item * dim + k] ?? NaN);
      return Math.fround(sum);
    });
    expect(Array.from(dotScores(queries, gallery, dim))).toEqual(expected);
  });
});

describe('scoresOfFeatures', () => {
  it('hands the engine whole rows and the same gallery each time', async () => {
    const gallery = new Float32Array([1, 2, 3, 4]);
    const seen: [number[], boolean][] = [];
    const rows = scoresOfFeatures(new Float32Array([5, 6, 7, 8, 9, 10]), gallery, 2, (queries, items, dim) => {
      seen.push([Array.from(queries), items === gallery]);
      return dotScores(queries, items, dim);
    });
    expect(rows).toMatchObject({ queries: 3, gallery: 2 });
    expect(Array.from(await rows.read(1, 3))).toEqual([7 + 16, 21 + 32, 9 + 20, 27 + 40]);
    expect(seen).toEqual([[[7, 8, 9, 10], true]]);
  });

  it('refuses an empty gallery, broken rows, and an engine that returns too little', async () => {
    const two = new Float32Array(2);
    expect(() => scoresOfFeatures(two, new Float32Array(0), 2)).toThrow(EmptyGalleryError);
    expect(() => scoresOfFeatures(two, new Float32Array(3), 2)).toThrow(LengthError);
    expect(() => scoresOfFeatures(two, two, 0)).toThrow('dim: expected a positive integer, got 0');
    const short = scoresOfFeatures(two, two, 2, () => new Float32Array(0));
    await expect((async () => short.read(0, 1))()).rejects.toThrow('scoreChunk: expected 1 × 1 scores, got 0');
  });
});

it('refuses a matrix of another size and an empty gallery', () => {
  expect(() => scoresOfArray(new Float32Array(5), 2, 3)).toThrow(LengthError);
  expect(() => scoresOfArray(new Float32Array(0), 2, 0)).toThrow(EmptyGalleryError);
});

it('transposes', () => {
  expect(Array.from(transpose(new Float32Array([1, 2, 3, 4, 5, 6]), 2, 3))).toEqual([1, 4, 2, 5, 3, 6]);
});
