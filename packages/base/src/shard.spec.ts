import { inShard, parseShard } from './shard.ts';

it('gives each key to exactly one shard, in near equal parts', () => {
  const shards = ['1/4', '2/4', '3/4', '4/4'].map(parseShard);
  const sizes = [0, 0, 0, 0];
  for (let i = 0; i < 4000; i += 1) {
    const holders = shards.flatMap((shard, s) => (inShard(`caption ${String(i)}`, shard) ? [s] : []));
    expect(holders).toHaveLength(1);
    sizes[holders[0] ?? 0] = (sizes[holders[0] ?? 0] ?? 0) + 1;
  }
  for (const size of sizes) expect(Math.abs(size - 1000)).toBeLessThan(120); // 4 standard deviations: 4·√(4000·¼·¾) = 110
});

it.each(['0/4', '5/4', '1', 'a/b', '1/0', '1.5/2'])('does not accept %s', (text) => {
  expect(() => parseShard(text)).toThrow(`shard: expected i/n with 1 ≤ i ≤ n, got ${text}`);
});
