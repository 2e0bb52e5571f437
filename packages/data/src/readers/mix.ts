import { createRandom, type Random } from '@azclip/base';

import type { Pair } from '../pair.ts';

/** A stream that is mixed with others. */
export interface WeightedPairs {
  /** Goes before the image ids, so that they stay unique. */
  readonly name: string;
  /** Share of the mixture, relative to the other weights. */
  readonly weight: number;
  readonly pairs: AsyncIterable<Pair>;
}

/** Mixes streams: each next pair comes from one of them by chance in proportion to its weight, until the first stream that
 * is asked has no more; so the shares hold to the end.
 * @param seed - the same seed gives the same order. */
export async function* mixPairs(sets: readonly WeightedPairs[], seed: number): AsyncGenerator<Pair> {
  const random = createRandom(seed).fork('mix');
  const streams = sets.map(({ name, weight, pairs }) => ({ name, weight, iterator: pairs[Symbol.asyncIterator]() }));
  try {
    for (;;) {
      const stream = drawWeighted(streams, random);
      const next = await stream.iterator.next();
      if (next.done) return;
      yield { ...next.value, imageId: `${stream.name}/${next.value.imageId}` };
    }
  } finally {
    for (const { iterator } of streams) await iterator.return?.();
  }
}

/** One stream after the other, whole. */
export async function* chainPairs(sets: readonly WeightedPairs[]): AsyncGenerator<Pair> {
  for (const { name, pairs } of sets) {
    for await (const pair of pairs) yield { ...pair, imageId: `${name}/${pair.imageId}` };
  }
}

function drawWeighted<T extends { readonly weight: number }>(items: readonly T[], random: Random): T {
  let place = random.uniform() * items.reduce((sum, { weight }) => sum + weight, 0);
  return items.find(({ weight }) => (place -= weight) < 0) ?? (items.at(-1) as T);
}
