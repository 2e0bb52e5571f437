import type { Pair } from '@azclip/data';

import { batchWeights, isWeighed } from './batch-weights.ts';

const pair = (captions: string[], weights?: number[]): Pair => ({
  imageId: captions.join(),
  image: { path: 'x' },
  captions,
  ...(weights ? { weights } : {}),
});

it('is the weight of the drawn caption, and 1 where an image has none', () => {
  const pairs = [pair(['a', 'b'], [0.25, 0.5]), pair(['c'])];
  expect(batchWeights({ pairs, captions: ['b', 'c'] }, 1)).toEqual({
    dtype: 'float32',
    shape: [2],
    data: Float32Array.of(0.5, 1),
  });
});

it('is the mean of the captions that make the text, around the end', () => {
  const pairs = [pair(['a', 'b', 'c'], [0.25, 0.5, 0.75]), pair(['d'], [0.125])];
  const { data } = batchWeights({ pairs, captions: ['c', 'd'] }, 2);
  expect([...data]).toEqual([(0.75 + 0.25) / 2, 0.125]); // c, then a; d alone
});

it('takes weights that are all 1 for none', () => {
  expect(isWeighed([pair(['a'], [1]), pair(['b'])])).toBe(false);
  expect(isWeighed([pair(['a'], [1]), pair(['b'], [0.9])])).toBe(true);
});
