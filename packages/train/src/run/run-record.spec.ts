import { scalarsOf } from './run-record.ts';

it('names the numbers of a step by its phase, and leaves out what the phase has not', () => {
  const step = { step: 3, totalSteps: 9, epoch: 1, loss: 0.5, chanceLoss: 1, gradientNorm: 2, learningRate: 0.1 };
  expect(scalarsOf({ kind: 'step', phase: 'distillation', ...step, stepMs: 20 })).toEqual({
    'distillation/loss': 0.5,
    'distillation/chance-loss': 1,
    'distillation/gradient-norm': 2,
    'distillation/learning-rate': 0.1,
    'distillation/step-ms': 20,
  });
});

it('names scores by the part that was scored', () => {
  const epoch = { kind: 'epoch', phase: 'contrastive', epoch: 2, epochs: 4, step: 8, loss: 1.5, best: true } as const;
  expect(scalarsOf({ ...epoch, scores: { 'text-to-image/recall@1': 0.25 } })).toEqual({
    'contrastive/epoch-loss': 1.5,
    'dev/text-to-image/recall@1': 0.25,
  });
  expect(scalarsOf({ ...epoch, scores: undefined })).toEqual({ 'contrastive/epoch-loss': 1.5 });
});
