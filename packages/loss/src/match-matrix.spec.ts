import { createRandom } from '@azclip/base';

import { matchMatrix } from './match-matrix.ts';

const row = (imageId: string, ...pieces: number[]): { imageId: string; pieces: number[] } => ({ imageId, pieces });

it('joins rows of one image and rows whose captions share nearly all pieces', () => {
  const rows = [row('a', 1, 2, 3, 4), row('b', 4, 3, 2, 1, 1), row('c', 1, 2, 3, 5), row('c', 9)];
  // a, b: the same four pieces; a, c: 3 of 5; the two c: one image
  expect([...matchMatrix(rows, 0.8)]).toEqual([1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1]);
  expect([...matchMatrix(rows, 0.6)]).toEqual([1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1, 0, 0, 1, 1]);
});

it('never joins empty captions of different images', () => {
  expect([...matchMatrix([row('a'), row('b')], 0.5)]).toEqual([1, 0, 0, 1]);
});

it('agrees with the index computed in full', () => {
  const random = createRandom(3);
  const rows = Array.from({ length: 40 }, (_, i) =>
    row(String(i), ...Array.from({ length: 1 + random.integer(6) }, () => random.integer(8))),
  );
  for (const similarity of [0.25, 0.5, 0.8, 1]) {
    const matches = matchMatrix(rows, similarity);
    rows.forEach(({ pieces: a }, i) => {
      rows.forEach(({ pieces: b }, j) => {
        const shared = new Set(a.filter((piece) => b.includes(piece))).size;
        const index = shared / new Set([...a, ...b]).size;
        expect(matches[i * rows.length + j]).toBe(Number(index >= similarity));
      });
    });
  }
});
