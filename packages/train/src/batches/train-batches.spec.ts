import { collect } from '@azclip/base';
import type { Pair } from '@azclip/data';
import { learnWordPiece } from '@azclip/encoder-text/tokenizer';

import { createTokenInputs } from './token-inputs.ts';
import { trainBatches, type TrainBatchesOptions } from './train-batches.ts';

const pairs: Pair[] = Array.from({ length: 7 }, (_, i) => ({
  imageId: String(i),
  image: { path: `${String(i)}.png` },
  captions: [`şəkil ${String(i)}`, `${String(i)} nömrəli şəkil`],
}));
const tokenizer = learnWordPiece(
  pairs.flatMap((pair) => pair.captions),
  { size: 60 },
);
const options: TrainBatchesOptions = {
  pairs,
  images: { rowShape: [1], rowOf: ({ imageId }) => Promise.resolve(Float32Array.of(Number(imageId))) },
  encode: createTokenInputs(tokenizer, 8),
  batchSize: 2,
  captions: 1,
  seed: 3,
  loss: { name: 'clip' },
};

it('takes full batches of different images', async () => {
  const batches = await collect(trainBatches(options, 0));
  const images = batches.flatMap(({ tensors }) => [...(tensors['images']?.data ?? [])]);
  expect(batches.map(({ index }) => index)).toEqual([0, 1, 2]);
  expect(batches[0]?.tensors['images']?.shape).toEqual([2, 1]);
  expect(new Set(images).size).toBe(6);
});

it('goes on in the middle of an epoch as if it had never stopped', async () => {
  const whole = await collect(trainBatches(options, 4));
  expect(await collect(trainBatches(options, 4, 2))).toEqual(whole.slice(2));
});

it('has another order in another epoch', async () => {
  expect(await collect(trainBatches(options, 1))).not.toEqual(await collect(trainBatches(options, 0)));
});

it('says which rows belong together where the loss asks for it', async () => {
  const alike = pairs.map((pair) => ({ ...pair, captions: Number(pair.imageId) < 4 ? ['eyni şəkil'] : pair.captions }));
  const loss = { name: 'multi-positive', duplicates: 'positive', duplicateSimilarity: 0.9 } as const;
  const [batch] = await collect(trainBatches({ ...options, pairs: alike, batchSize: 6, loss }, 0));
  const images = [...(batch?.tensors['images']?.data ?? [])];
  const expected = images.flatMap((a, i) => images.map((b, j) => Number(i === j || (a < 4 && b < 4))));
  expect([...(batch?.tensors['matches']?.data ?? [])]).toEqual(expected);
});

it('is shared by ranks: own rows of images and tokens, of the same whole', async () => {
  const loss = { name: 'multi-positive', duplicates: 'positive', duplicateSimilarity: 0.9 } as const;
  const [whole] = await collect(trainBatches({ ...options, batchSize: 6, loss }, 0));
  for (const rank of [0, 1, 2]) {
    const [share] = await collect(trainBatches({ ...options, batchSize: 6, loss, ranks: { rank, size: 3 } }, 0));
    for (const name of ['images', 'ids', 'mask']) {
      const [all, own] = [whole?.tensors[name], share?.tensors[name]];
      const size = (all?.data.length ?? 0) / 3;
      expect(own?.shape).toEqual([2, ...(all?.shape.slice(1) ?? [])]);
      expect(own?.data).toEqual(all?.data.slice(rank * size, (rank + 1) * size));
    }
    expect(share?.tensors['matches']).toEqual(whole?.tensors['matches']);
  }
});
