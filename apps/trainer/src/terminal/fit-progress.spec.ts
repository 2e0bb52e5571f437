import type { EpochReport } from '@azclip/train';

import { epochLine } from './fit-progress.ts';

const report: EpochReport = {
  kind: 'epoch',
  epoch: 3,
  epochs: 16,
  step: 90,
  loss: 2.5,
  scores: undefined,
  best: false,
};

it('says epoch and loss, aligned', () => {
  expect(epochLine(report)).toBe('epoch  3/16  loss 2.500');
});

it('says recalls and rank where dev was scored, with a star for the best', () => {
  const scores = {
    'text-to-image/recall@1': 0.6,
    'text-to-image/recall@5': 0.855,
    'text-to-image/recall@10': 0.93,
    'text-to-image/median-rank': 1,
  };
  expect(epochLine({ ...report, scores, best: true })).toBe(
    'epoch  3/16  loss 2.500  dev text→image R@1/5/10 60.0/85.5/93.0, median rank 1  ★',
  );
});
