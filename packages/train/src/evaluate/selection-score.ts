import type { Scores } from '../report.ts';

/** The score by which the best checkpoint is chosen on dev: the mean of text→image recall at 1, 5 and 10.
 * One recall alone jumps by a whole query; the mean of the three is what retrieval papers select by (as RSUM / 3). */
export function selectionScore(scores: Scores): number {
  const recalls = Object.entries(scores).filter(([name]) => name.startsWith('text-to-image/recall@'));
  return recalls.reduce((sum, [, recall]) => sum + recall, 0) / recalls.length;
}
