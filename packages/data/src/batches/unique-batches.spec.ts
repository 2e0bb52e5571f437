import { createRandom } from '@azclip/base';

import type { Pair } from '../pair.ts';
import { batchCount, uniqueBatches, type UniqueBatchesOptions } from './unique-batches.ts';

const pairs: Pair[] = Array.from({ length: 10 }, (_, i) => ({
  imageId: `i${String(i)}`,
  image: { path: `${String(i)}.jpg` },
  captions: [0, 1, 2].map((k) => `${String(i)}/${String(k)}`),
}));
const batches = (more: Partial<UniqueBatchesOptions> = {}) => [
  ...uniqueBatches(pairs, { batchSize: 4, random: createRandom(7), epoch: 0, ...more }),
];

it('shows every image once an epoch, with one of its captions', () => {
  const all = batches({ remainder: 'keep' });
  expect(all.map(({ index, pairs: chosen }) => [index, chosen.length])).toEqual([
    [0, 4],
    [1, 4],
    [2, 2],
  ]);
  expect(new Set(all.flatMap((batch) => batch.pairs.map(({ imageId }) => imageId))).size).toBe(10);
  for (const batch of all)
    batch.captions.forEach((caption, i) => {
      expect(batch.pairs[i]?.captions).toContain(caption);
    });
});

it('drops the remainder unless told to keep it', () => {
  expect(batches().length).toBe(2);
  expect([batchCount(10, 4), batchCount(10, 4, 'keep'), batchCount(8, 4, 'keep')]).toEqual([2, 3, 2]);
});

it('shows each caption equally often over the epochs', () => {
  const shown = [0, 1, 2].flatMap((epoch) => batches({ epoch, remainder: 'keep' }).flatMap(({ captions }) => captions));
  expect(new Set(shown).size).toBe(30);
});

it('has another order each epoch and with each seed, and repeats itself for the same', () => {
  const ids = (more: Partial<UniqueBatchesOptions>) =>
    batches(more)
      .flatMap((b) => b.pairs.map(({ imageId }) => imageId))
      .join();
  expect(ids({})).toBe(ids({}));
  expect(new Set([ids({}), ids({ epoch: 1 }), ids({ random: createRandom(8) })]).size).toBe(3);
});

it('goes on from a batch as if it had made those before', () => {
  expect(batches({ start: 1, epoch: 3 })).toEqual(batches({ epoch: 3 }).slice(1));
});

it('refuses an image that occurs twice', () => {
  const first = pairs[0] as Pair;
  const options = { batchSize: 1, random: createRandom(1), epoch: 0 };
  expect(() => [...uniqueBatches([first, first], options)]).toThrow('expected every image once, got "i0" twice');
});
