import type { EpochReport } from '@azclip/train';

import { epochLine } from './fit-progress.ts';

const report: EpochReport = {
  kind: 'epoch',
  phase: 'contrastive',
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

it('names the phase where a teacher is learned from, and how near the texts have come', () => {
  const scores = { 'teacher/cosine': 0.91234, 'text-to-image/median-rank': 4 };
  expect(epochLine({ ...report, phase: 'distillation', scores })).toContain(
    'distillation epoch  3/16  loss 2.500  cosine to the teacher 0.912  dev',
  );
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
