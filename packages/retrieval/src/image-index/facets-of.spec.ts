import { facetsOf } from './facets-of.ts';
import type { Metadata } from '../store/vector-store.ts';

const items = (...metadata: Metadata[]): Parameters<typeof facetsOf>[0] =>
  metadata.map((each, i) => ({ id: String(i), vector: new Float32Array(1), metadata: each }));

describe('facetsOf', () => {
  it('gives keys of a few values, numbers in order, and neither what is own to an image nor what is the same for all', () => {
    const facets = facetsOf(
      items(
        { file: 'a', caption: 'x', year: 2001, album: 'yay', split: 'test' },
        { file: 'b', caption: 'y', year: 1999, album: 'qış', split: 'test' },
        { file: 'c', year: 10_000 },
      ),
    );
    expect(facets).toEqual({ album: ['qış', 'yay'], year: [1999, 2001, 10_000] });
  });

  it('passes over a key of more values than a list can show', () => {
    expect(facetsOf(items(...Array.from({ length: 31 }, (_, i) => ({ number: i }))))).toEqual({});
  });
});
