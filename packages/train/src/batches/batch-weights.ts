import type { CaptionBatch, Pair } from '@azclip/data';
import type { HostTensor } from '@azclip/onnx';

/** Whether any caption counts less than others; where none does, a run computes what it would without weights. */
export const isWeighed = (pairs: readonly Pair[]): boolean =>
  pairs.some(({ weights }) => weights?.some((weight) => weight !== 1));

/** How much each pair of a batch counts: the weight of its drawn caption, of several captions of an image their mean.
 * @param count - captions of an image that make its text.
 * @returns [batch] float32, positive. */
export function batchWeights({ pairs, captions }: Pick<CaptionBatch, 'pairs' | 'captions'>, count: number): HostTensor {
  const weights = pairs.map((pair, i) => weightOf(pair, captions[i] ?? '', count));
  return { dtype: 'float32', shape: [pairs.length], data: Float32Array.from(weights) };
}

function weightOf({ captions, weights }: Pair, drawn: string, count: number): number {
  if (!weights) return 1;
  const start = captions.indexOf(drawn);
  const used = Array.from(
    { length: Math.min(count, captions.length) },
    (_, i) => weights[(start + i) % captions.length],
  );
  return used.reduce<number>((sum, weight) => sum + (weight ?? 1), 0) / used.length;
}
