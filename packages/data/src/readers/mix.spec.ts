import { collect } from '@azclip/base';

import { dataConfig } from '../config.ts';
import type { Pair } from '../pair.ts';
import { readPairs } from '../read-pairs.ts';
import { mixPairs } from './mix.ts';

async function* pairs(count: number): AsyncGenerator<Pair> {
  for (let i = 0; i < count; i++) {
    yield await Promise.resolve({ imageId: String(i), image: { path: `${String(i)}.jpg` }, captions: ['x'] });
  }
}

const mix = (seed: number) =>
  collect(
    mixPairs(
      [
        { name: 'a', weight: 3, pairs: pairs(3000) },
        { name: 'b', weight: 1, pairs: pairs(5000) },
      ],
      seed,
    ),
  );

it('keeps the shares of the weights until a set is used up, and the order of each set', async () => {
  const mixed = await mix(1);
  const from = (name: string) => mixed.filter(({ imageId }) => imageId.startsWith(`${name}/`));
  expect(from('a').map(({ imageId }) => imageId)).toEqual(Array.from({ length: 3000 }, (_, i) => `a/${String(i)}`));
  expect(from('b').length / mixed.length).toBeCloseTo(0.25, 1);
});

it('repeats itself for a seed', async () => {
  const ids = (all: Pair[]) => all.map(({ imageId }) => imageId).join();
  expect(ids(await mix(1))).toBe(ids(await mix(1)));
  expect(ids(await mix(1))).not.toBe(ids(await mix(2)));
});

it('is a reader of its own, which chains the sets where nothing is learned', async () => {
  const data = { reader: 'scenes', dev: 3, imageSize: 32 };
  const config = dataConfig.parse({
    reader: 'mix',
    sets: [
      { name: 'az', data },
      { name: 'en', weight: 2, data: { ...data, language: 'en' } },
    ],
  });
  const ids = (await collect(readPairs(config, 'dev'))).map(({ imageId }) => imageId);
  expect(ids).toEqual(['az', 'en'].flatMap((name) => [0, 1, 2].map((i) => `${name}/dev-0000${String(i)}`)));
  expect(
    dataConfig.safeParse({
      reader: 'mix',
      sets: [
        { name: 'a', data },
        { name: 'a', data },
      ],
    }).success,
  ).toBe(false);
});
