import { scoreLines } from './score-lines.ts';

it('says part, direction, recalls, ranks, and the protocol below them', () => {
  const scores = {
    'dev/text-to-image/recall@1': 0.114,
    'dev/text-to-image/recall@5': 0.301,
    'dev/text-to-image/recall@10': 0.426,
    'dev/text-to-image/mrr': 0.21,
    'dev/text-to-image/map': 0.21,
    'dev/text-to-image/median-rank': 15,
  };
  const protocol = 'text→image, gallery 1000, queries 5000, positives per query 1, K 10, split 0123456789ab';
  expect(scoreLines({ scores, protocols: { 'dev/text-to-image': protocol } })).toEqual([
    'dev text→image  R@1/5/10 11.4/30.1/42.6, median rank 15, MRR 0.210, MAP 0.210',
    `  ${protocol}`,
  ]);
});
