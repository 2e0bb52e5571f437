import { createRandom } from '@azclip/base';

import { TopK } from './top-k.ts';

describe('TopK', () => {
  it('keeps what sorting keeps', () => {
    const random = createRandom(1);
    const scores = Array.from({ length: 500 }, () => random.integer(100));
    const best = new TopK(20);
    for (const [row, score] of scores.entries()) best.offer(row, score);
    const sorted = scores.map((score, row) => ({ row, score })).sort((a, b) => b.score - a.score || a.row - b.row);
    expect(best.ranked()).toEqual(sorted.slice(0, 20));
  });

  it('gives fewer when fewer were offered, and never a score that is no number', () => {
    const best = new TopK(3);
    best.offer(7, 0.5);
    best.offer(8, NaN);
    expect(best.ranked()).toEqual([{ row: 7, score: 0.5 }]);
  });

  it('keeps nothing of k = 0', () => {
    const best = new TopK(0);
    best.offer(1, 1);
    expect(best.ranked()).toEqual([]);
  });
});
