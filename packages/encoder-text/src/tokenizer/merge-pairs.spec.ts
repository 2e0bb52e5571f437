import { createRandom } from '@azclip/base';

import { mergePairs, type CountedWord } from './merge-pairs.ts';

/** The definition, without any bookkeeping: counts all pairs anew before each join. */
function slowMerge(words: readonly CountedWord[], alphabet: readonly string[], pieces: number): string[] {
  const order = [...alphabet];
  let cut = words.map(({ pieces: own, count }) => ({ own: [...own], count }));
  while (order.length - alphabet.length < pieces) {
    const counts = new Map<string, number>();
    for (const { own, count } of cut) {
      for (let i = 1; i < own.length; i += 1) {
        const key = `${own[i - 1] ?? ''} ${own[i] ?? ''}`;
        counts.set(key, (counts.get(key) ?? 0) + count);
      }
    }
    const rank = (key: string): number[] => key.split(' ').map((piece) => order.indexOf(piece));
    const [best] = [...counts].sort(
      ([a, m], [b, n]) => n - m || (rank(a)[0] ?? 0) - (rank(b)[0] ?? 0) || (rank(a)[1] ?? 0) - (rank(b)[1] ?? 0),
    );
    if (!best || best[1] < 2) break;
    const [left = '', right = ''] = best[0].split(' ');
    const joined = left + right.slice(2);
    if (!order.includes(joined)) order.push(joined);
    cut = cut.map(({ own, count }) => {
      const next: string[] = [];
      for (let i = 0; i < own.length; i += 1) {
        const here = own[i] === left && own[i + 1] === right;
        next.push(here ? joined : (own[i] ?? ''));
        if (here) i += 1;
      }
      return { own: next, count };
    });
  }
  return order.slice(alphabet.length);
}

it('agrees with counting all pairs anew before each join, on random words', () => {
  const random = createRandom(1);
  const letters = Array.from('abcd');
  const words = Array.from({ length: 40 }, () => ({
    pieces: Array.from(
      { length: 1 + random.integer(7) },
      (_, i) => `${i ? '##' : ''}${letters[random.integer(4)] ?? ''}`,
    ),
    count: 1 + random.integer(5),
  }));
  const alphabet = letters.flatMap((letter) => [letter, `##${letter}`]);
  const merged = mergePairs(words, alphabet, { pieces: 50, minCount: 2 });
  expect(merged).toHaveLength(50);
  expect(merged).toEqual(slowMerge(words, alphabet, 50));
});
