import type { EpochReport } from '@azclip/train';

import { epochLine, stepLine } from './fit-progress.ts';

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

it('says what a step measured, without what its phase does not have', () => {
  const step = { kind: 'step', step: 7, totalSteps: 90, epoch: 2, learningRate: 0.1, stepMs: 5 } as const;
  const measured = { ...step, loss: 2.5, chanceLoss: 4.852, gradientNorm: 1.234 };
  const ofPairs = { logitScale: 14.29, alignment: 1.2, uniformity: -2.34 };
  expect(stepLine({ ...measured, phase: 'contrastive', ...ofPairs })).toBe(
    'epoch 2 · loss 2.500 (chance 4.852) · scale 14.3 · gradient 1.23 · align 1.20 · uniform -2.34',
  );
  expect(stepLine({ ...measured, phase: 'distillation' })).toBe(
    'distillation epoch 2 · loss 2.500 (chance 4.852) · gradient 1.23',
  );
});
