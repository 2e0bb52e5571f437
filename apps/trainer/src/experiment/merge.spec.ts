import { merge } from './merge.ts';

it('lays keys over keys and replaces lists and values', () => {
  const base = { train: { epochs: 2, batchSize: 8 }, widths: [1, 2], seed: 1 };
  expect(merge(base, { train: { epochs: 3 }, widths: [4] })).toEqual({
    train: { epochs: 3, batchSize: 8 },
    widths: [4],
    seed: 1,
  });
});

it('replaces what is of another kind, whose keys do not mix', () => {
  const base = { tower: { name: 'bag', dim: 8 }, data: { reader: 'scenes', train: 9 } };
  expect(merge(base, { tower: { name: 'bert', layers: 2 }, data: { reader: 'scenes', dev: 3 } })).toEqual({
    tower: { name: 'bert', layers: 2 },
    data: { reader: 'scenes', train: 9, dev: 3 },
  });
});

it('leaves its arguments as they are', () => {
  const base = { a: { b: 1 } };
  merge(base, { a: { b: 2 } });
  expect(base).toEqual({ a: { b: 1 } });
});
