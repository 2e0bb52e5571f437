import { scoreLines } from './score-lines.ts';

it('says part, direction, recalls, ranks and protocol in one line', () => {
  const scores = {
    'dev/text-to-image/recall@1': 0.114,
    'dev/text-to-image/recall@5': 0.301,
    'dev/text-to-image/recall@10': 0.426,
    'dev/text-to-image/mrr': 0.21,
    'dev/text-to-image/map': 0.21,
    'dev/text-to-image/median-rank': 15,
    'dev/text-to-image/queries': 5000,
    'dev/text-to-image/gallery': 1000,
  };
  expect(scoreLines(scores)).toEqual([
    'dev text→image  R@1/5/10 11.4/30.1/42.6, median rank 15, MRR 0.210, MAP 0.210  (5000 queries over 1000 items)',
  ]);
});
